package io.github.ltxjava.testkit;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The slow, obvious twin of the codec: a whole file as a value. It encodes, decodes and merges by
 * the letter of the format with plain loops, and shares nothing with the library but the names of
 * things, so that each can be held against the other.
 *
 * <p>Everything is in memory, several times over; for small files.
 *
 * @param header the header
 * @param pages number and content of each page; not to be changed
 * @param postApply the database checksum afterwards; empty if the header tracks none
 */
public record FileSpec(
    LtxHeader header, SortedMap<Long, byte[]> pages, Optional<Checksum> postApply) {

  /** Copies the map, not the pages. */
  public FileSpec {
    pages = Collections.unmodifiableSortedMap(new TreeMap<>(pages));
  }

  /** Encodes the file in a layout. */
  public byte[] encode(Layout layout) {
    return new FileSpecEncoder(this, layout).encode();
  }

  /**
   * Decodes a file whose layout is known, and checks every rule of the format.
   *
   * @throws IllegalArgumentException if it breaks one; the message says which
   */
  public static FileSpec decode(byte[] file, Layout layout) {
    return new FileSpecDecoder(file, layout).decode();
  }

  /**
   * Merges files that follow each other in this order into one, so that applying it has the same
   * effect as applying them one by one. The output has the last file's commit and time, the first
   * one's pre-apply checksum, and no WAL segment and node. It tracks checksums if the first and the
   * last file do.
   *
   * @throws IllegalArgumentException if there is none, or one does not follow the one before
   */
  public static FileSpec merge(List<FileSpec> files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("nothing to merge");
    }
    FileSpec first = files.get(0);
    FileSpec last = files.get(files.size() - 1);
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    long lowest = Long.MAX_VALUE;
    FileSpec previous = null;
    for (FileSpec file : files) {
      if (previous != null) {
        requireFollows(previous, file);
      }
      previous = file;
      pages.putAll(file.pages);
      pages.tailMap(file.header.commit() + 1).clear();
      lowest = Math.min(lowest, file.header.commit());
    }
    // What some file has cut off and no later one has written is zeros where the database is again
    // that long; a snapshot says so of every page.
    byte[] zeros = new byte[first.header.pageSize()];
    long from = first.header.isSnapshot() ? 1 : lowest + 1;
    for (long number = from; number <= last.header.commit(); number++) {
      if (number != first.header.lockPageNumber()) {
        pages.putIfAbsent(number, zeros);
      }
    }
    boolean tracks = first.header.tracksChecksums() && last.header.tracksChecksums();
    LtxHeader header =
        new LtxHeader(
            first.header.pageSize(),
            last.header.commit(),
            TxidRange.of(first.header.txids().min(), last.header.txids().max()),
            last.header.timestamp(),
            tracks ? first.header.preApply() : Optional.empty(),
            WalSegment.NONE,
            0,
            tracks);
    return new FileSpec(header, pages, tracks ? last.postApply : Optional.empty());
  }

  private static void requireFollows(FileSpec previous, FileSpec file) {
    if (file.header.pageSize() != previous.header.pageSize()
        || !previous.header.txids().isFollowedBy(file.header.txids())) {
      throw new IllegalArgumentException(
          file.header.txids() + " does not follow " + previous.header.txids());
    }
  }

  /** Returns the page checksum of a page: over its number and its content, top bit set. */
  static long pageChecksum(long pageNumber, byte[] page) {
    return SlowCrc64.of(ByteBuffer.allocate(4).putInt((int) pageNumber).array(), page);
  }

  /** Compares page contents, as records do not for arrays. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FileSpec file
        && header.equals(file.header)
        && postApply.equals(file.postApply)
        && new ArrayList<>(pages.keySet()).equals(new ArrayList<>(file.pages.keySet()))
        && Arrays.deepEquals(pages.values().toArray(), file.pages.values().toArray());
  }

  @Override
  public int hashCode() {
    return 31 * header.hashCode() + Arrays.deepHashCode(pages.values().toArray());
  }

  /** Names the header and the pages, without their content. */
  @Override
  public String toString() {
    return header + " with pages " + pages.keySet() + ", post-apply " + postApply;
  }
}
