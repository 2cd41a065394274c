package io.github.ltxjava.compaction;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Listings in the notation of golden files: a line {@code L: min-max@time ...} for each level, in
 * hexadecimal, the time on the first day of 2026 if it has no date. A single number is a range.
 */
public final class Listings {

  private Listings() {}

  /** Parses lines like {@code 1: 6-7@10:00:30 8-9@10:01:00}. */
  public static List<LtxFileInfo> parse(List<String> lines) {
    List<LtxFileInfo> files = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.split(": *", 2);
      int level = Integer.parseInt(parts[0]);
      for (String file : parts[1].strip().split(" +", -1)) {
        files.add(file(level, file));
      }
    }
    return files;
  }

  private static LtxFileInfo file(int level, String text) {
    String[] parts = text.split("@", -1);
    Instant time = parts.length == 1 ? Instant.EPOCH : time(parts[1]);
    return new LtxFileInfo(level, range(parts[0]), 1000, time);
  }

  /** Parses {@code min-max}, or a single transaction. */
  public static TxidRange range(String text) {
    String[] ends = text.split("-", -1);
    Txid min = Txid.of(Long.parseUnsignedLong(ends[0], 16));
    Txid max = ends.length == 1 ? min : Txid.of(Long.parseUnsignedLong(ends[1], 16));
    return TxidRange.of(min, max);
  }

  /** Parses {@code 10:00:30} or {@code 02T10:00:30}. */
  public static Instant time(String text) {
    return Instant.parse("2026-01-" + (text.contains("T") ? text : "01T" + text) + "Z");
  }

  /** Writes {@code level/min-max} for each file. */
  public static String text(List<LtxFileInfo> files) {
    return files.stream().map(Listings::text).collect(Collectors.joining(" "));
  }

  /** Writes {@code level/min-max}. */
  public static String text(LtxFileInfo file) {
    return file.level() + "/" + text(file.txids());
  }

  /** Writes {@code min-max}, or a single transaction. */
  public static String text(TxidRange txids) {
    String min = Long.toHexString(txids.min().value());
    return txids.min().equals(txids.max())
        ? min
        : min + "-" + Long.toHexString(txids.max().value());
  }
}
