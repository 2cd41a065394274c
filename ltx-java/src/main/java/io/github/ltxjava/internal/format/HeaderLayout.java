package io.github.ltxjava.internal.format;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The header: 100 bytes, big-endian (specification, "Header").
 *
 * <pre>
 *   0        4        8          12       16        24        32          40
 *   | magic  | flags  | pageSize | commit | minTXID | maxTXID | timestamp |
 *   | preApplyChecksum | walOffset | walSize | walSalt1 | walSalt2 | nodeID | reserved |
 *   40                 48          56        64         68         72       80       100
 * </pre>
 */
public final class HeaderLayout {

  /** Length in bytes. */
  public static final int SIZE = 100;

  /** {@code LTX1}. */
  public static final int MAGIC = 0x4C545831;

  public static final int MAGIC_OFFSET = 0;
  public static final int FLAGS_OFFSET = 4;
  public static final int PAGE_SIZE_OFFSET = 8;
  public static final int COMMIT_OFFSET = 12;
  public static final int MIN_TXID_OFFSET = 16;
  public static final int MAX_TXID_OFFSET = 24;
  public static final int TIMESTAMP_OFFSET = 32;
  public static final int PRE_APPLY_CHECKSUM_OFFSET = 40;
  public static final int WAL_OFFSET_OFFSET = 48;
  public static final int WAL_SIZE_OFFSET = 56;
  public static final int WAL_SALT1_OFFSET = 64;
  public static final int WAL_SALT2_OFFSET = 68;
  public static final int NODE_ID_OFFSET = 72;
  public static final int RESERVED_OFFSET = 80;

  /** Version 1 only: the page block is one LZ4 frame. */
  public static final int FLAG_COMPRESSED = 0x1;

  /** Versions 2 and 3: the file carries no database checksums. */
  public static final int FLAG_NO_CHECKSUM = 0x2;

  /** Where SQLite keeps its lock bytes; the page there is never stored. */
  public static final long LOCK_BYTES_OFFSET = 0x4000_0000L;

  private HeaderLayout() {}

  /** Takes note of a field that breaks a rule. */
  @FunctionalInterface
  public interface Violations<E extends Exception> {
    void add(int offset, String detail) throws E;
  }

  /** The flags of a header in this layout. */
  public static int flags(LtxHeader header, Layout layout) {
    return (layout == Layout.V1_LZ4 ? FLAG_COMPRESSED : 0)
        | (header.tracksChecksums() ? 0 : FLAG_NO_CHECKSUM);
  }

  /** Encodes a header that is already known to suit the layout. */
  public static void encode(LtxHeader header, Layout layout, byte[] target) {
    BigEndian.putInt(target, MAGIC_OFFSET, MAGIC);
    BigEndian.putInt(target, FLAGS_OFFSET, flags(header, layout));
    BigEndian.putInt(target, PAGE_SIZE_OFFSET, header.pageSize());
    BigEndian.putInt(target, COMMIT_OFFSET, (int) header.commit());
    BigEndian.putLong(target, MIN_TXID_OFFSET, header.txids().min().value());
    BigEndian.putLong(target, MAX_TXID_OFFSET, header.txids().max().value());
    BigEndian.putLong(target, TIMESTAMP_OFFSET, header.timestamp().toEpochMilli());
    BigEndian.putLong(
        target, PRE_APPLY_CHECKSUM_OFFSET, header.preApply().map(Checksum::bits).orElse(0L));
    BigEndian.putLong(target, WAL_OFFSET_OFFSET, header.wal().offset());
    BigEndian.putLong(target, WAL_SIZE_OFFSET, header.wal().size());
    BigEndian.putInt(target, WAL_SALT1_OFFSET, header.wal().salt1());
    BigEndian.putInt(target, WAL_SALT2_OFFSET, header.wal().salt2());
    BigEndian.putLong(target, NODE_ID_OFFSET, header.nodeId());
    Arrays.fill(target, RESERVED_OFFSET, SIZE, (byte) 0);
  }

  /**
   * Decodes a header for which {@link #check(byte[], Violations)} found nothing. Reserved bytes are
   * ignored.
   */
  public static LtxHeader decode(byte[] raw) {
    int flags = BigEndian.getInt(raw, FLAGS_OFFSET);
    long preApply = BigEndian.getLong(raw, PRE_APPLY_CHECKSUM_OFFSET);
    return new LtxHeader(
        BigEndian.getInt(raw, PAGE_SIZE_OFFSET),
        Integer.toUnsignedLong(BigEndian.getInt(raw, COMMIT_OFFSET)),
        new TxidRange(
            new Txid(BigEndian.getLong(raw, MIN_TXID_OFFSET)),
            new Txid(BigEndian.getLong(raw, MAX_TXID_OFFSET))),
        Instant.ofEpochMilli(BigEndian.getLong(raw, TIMESTAMP_OFFSET)),
        preApply == 0 ? Optional.empty() : Optional.of(new Checksum(preApply)),
        new WalSegment(
            BigEndian.getLong(raw, WAL_OFFSET_OFFSET),
            BigEndian.getLong(raw, WAL_SIZE_OFFSET),
            BigEndian.getInt(raw, WAL_SALT1_OFFSET),
            BigEndian.getInt(raw, WAL_SALT2_OFFSET)),
        BigEndian.getLong(raw, NODE_ID_OFFSET),
        (flags & FLAG_NO_CHECKSUM) == 0);
  }

  /** Checks the rules for a header made by a caller. */
  public static void check(
      int pageSize,
      long commit,
      TxidRange txids,
      Optional<Checksum> preApply,
      WalSegment wal,
      boolean tracksChecksums) {
    Violations<IllegalArgumentException> refuse =
        (offset, detail) -> {
          throw new IllegalArgumentException(detail);
        };
    checkSizes(pageSize, commit, refuse);
    checkPreApply(
        preApply.map(Checksum::bits).orElse(0L), txids.isSnapshot(), tracksChecksums, refuse);
    checkWal(wal.offset(), wal.size(), wal.salt1(), wal.salt2(), refuse);
  }

  /** Checks the rules that hold in every layout; the magic has been checked before. */
  public static <E extends Exception> void check(byte[] raw, Violations<E> violations) throws E {
    int flags = BigEndian.getInt(raw, FLAGS_OFFSET);
    if ((flags & ~(FLAG_COMPRESSED | FLAG_NO_CHECKSUM)) != 0) {
      violations.add(
          FLAGS_OFFSET, "flags " + hex(flags) + " has unknown bits; 0x1 and 0x2 are defined");
    }
    checkSizes(
        BigEndian.getInt(raw, PAGE_SIZE_OFFSET),
        Integer.toUnsignedLong(BigEndian.getInt(raw, COMMIT_OFFSET)),
        violations);
    long min = BigEndian.getLong(raw, MIN_TXID_OFFSET);
    long max = BigEndian.getLong(raw, MAX_TXID_OFFSET);
    if (min == 0) {
      violations.add(MIN_TXID_OFFSET, "minTXID is 0; transaction IDs start at 1");
    }
    if (max == 0) {
      violations.add(MAX_TXID_OFFSET, "maxTXID is 0; transaction IDs start at 1");
    } else if (Long.compareUnsigned(min, max) > 0) {
      violations.add(
          MIN_TXID_OFFSET, "minTXID " + Hex.format(min) + " is above maxTXID " + Hex.format(max));
    }
    checkPreApply(
        BigEndian.getLong(raw, PRE_APPLY_CHECKSUM_OFFSET),
        min == 1,
        (flags & FLAG_NO_CHECKSUM) == 0,
        violations);
    checkWal(
        BigEndian.getLong(raw, WAL_OFFSET_OFFSET),
        BigEndian.getLong(raw, WAL_SIZE_OFFSET),
        BigEndian.getInt(raw, WAL_SALT1_OFFSET),
        BigEndian.getInt(raw, WAL_SALT2_OFFSET),
        violations);
  }

  /** Checks the rules that differ between layouts. */
  public static <E extends Exception> void checkFor(
      Layout layout, int flags, WalSegment wal, Violations<E> violations) throws E {
    int allowed =
        switch (layout) {
          case V1_RAW -> 0;
          case V1_LZ4 -> FLAG_COMPRESSED;
          case V2, V3_FRAME, V3_BLOCK -> FLAG_NO_CHECKSUM;
        };
    if ((flags & ~allowed) != 0) {
      violations.add(
          FLAGS_OFFSET,
          "flags "
              + hex(flags)
              + " are not allowed in layout "
              + layout
              + "; allowed: "
              + hex(allowed));
    }
    if (!layout.hasIndex() && wal.offset() != 0 && wal.size() == 0) {
      violations.add(
          WAL_OFFSET_OFFSET,
          "WAL offset "
              + wal.offset()
              + " without a WAL size, which "
              + layout
              + " does not allow");
    }
  }

  private static <E extends Exception> void checkSizes(
      int pageSize, long commit, Violations<E> violations) throws E {
    if (pageSize < LtxHeader.MIN_PAGE_SIZE
        || pageSize > LtxHeader.MAX_PAGE_SIZE
        || Integer.bitCount(pageSize) != 1) {
      violations.add(
          PAGE_SIZE_OFFSET,
          "page size "
              + Integer.toUnsignedString(pageSize)
              + " is not a power of two from 512 to 65536");
    }
    if (commit < 0 || commit > LtxHeader.MAX_PAGE_NUMBER) {
      violations.add(
          COMMIT_OFFSET,
          "commit " + commit + " is not from 0 to " + LtxHeader.MAX_PAGE_NUMBER + " pages");
    }
  }

  private static <E extends Exception> void checkPreApply(
      long preApply, boolean snapshot, boolean tracked, Violations<E> violations) throws E {
    if (preApply != 0 && snapshot) {
      violations.add(PRE_APPLY_CHECKSUM_OFFSET, "a snapshot (minTXID 1) has no pre-apply checksum");
    } else if (preApply != 0 && !tracked) {
      violations.add(
          PRE_APPLY_CHECKSUM_OFFSET,
          "a file without database checksums (flag NoChecksum) has no pre-apply checksum");
    } else if (preApply == 0 && !snapshot && tracked) {
      violations.add(
          PRE_APPLY_CHECKSUM_OFFSET,
          "a delta that tracks database checksums needs a pre-apply checksum");
    } else if (preApply > 0) {
      violations.add(
          PRE_APPLY_CHECKSUM_OFFSET,
          "pre-apply checksum " + Hex.format(preApply) + " lacks its top bit");
    }
  }

  private static <E extends Exception> void checkWal(
      long offset, long size, int salt1, int salt2, Violations<E> violations) throws E {
    if (offset < 0) {
      violations.add(WAL_OFFSET_OFFSET, "WAL offset " + offset + " is negative");
    }
    if (size < 0) {
      violations.add(WAL_SIZE_OFFSET, "WAL size " + size + " is negative");
    }
    if (offset == 0 && size > 0) {
      violations.add(WAL_SIZE_OFFSET, "WAL size " + size + " without a WAL offset");
    }
    if (offset == 0 && (salt1 != 0 || salt2 != 0)) {
      violations.add(
          salt1 != 0 ? WAL_SALT1_OFFSET : WAL_SALT2_OFFSET, "WAL salts without a WAL offset");
    }
  }

  private static String hex(int flags) {
    return "0x" + Integer.toHexString(flags);
  }
}
