package io.github.ltxjava.support;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Short forms of what tests do over and over with the library. */
public final class Ltx {

  private Ltx() {}

  /** Writes a file and returns its bytes. */
  public static byte[] write(LtxHeader header, WriteOptions options, SortedMap<Long, byte[]> pages)
      throws IOException {
    return write(header, options, pages, Optional.empty());
  }

  /** Writes a file and returns its bytes. */
  public static byte[] write(
      LtxHeader header,
      WriteOptions options,
      SortedMap<Long, byte[]> pages,
      Optional<Checksum> postApply)
      throws IOException {
    ProbeSink sink = new ProbeSink();
    try (LtxWriter writer = LtxWriter.create(sink, header, options)) {
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        writer.write(page.getKey(), ByteBuffer.wrap(page.getValue()));
      }
      if (postApply.isPresent()) {
        writer.finish(postApply.get());
      } else {
        writer.finish();
      }
    }
    return sink.bytes();
  }

  /** Reads all pages front to back by position. */
  public static SortedMap<Long, byte[]> read(byte[] file) throws IOException {
    return read(file, ReadOptions.DEFAULT);
  }

  /** Reads all pages front to back by position. */
  public static SortedMap<Long, byte[]> read(byte[] file, ReadOptions options) throws IOException {
    try (LtxReader reader = LtxReader.open(source(file), options)) {
      return pages(reader);
    }
  }

  /** Reads all pages of a stream. */
  public static SortedMap<Long, byte[]> readStream(byte[] file, ReadOptions options)
      throws IOException {
    return readStream(new ByteArrayInputStream(file), options);
  }

  /** Reads all pages of a stream. */
  public static SortedMap<Long, byte[]> readStream(InputStream in, ReadOptions options)
      throws IOException {
    try (LtxReader reader = LtxReader.open("stream", in, options)) {
      return pages(reader);
    }
  }

  /** Reads all pages through the index. */
  public static SortedMap<Long, byte[]> readAtRandom(byte[] file, ReadOptions options)
      throws IOException {
    try (LtxFile open = LtxFile.open(source(file), options)) {
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      ByteBuffer page = ByteBuffer.allocate(open.header().pageSize());
      for (int i = open.index().size() - 1; i >= 0; i--) {
        long number = open.index().pageNumber(i);
        if (!open.readPage(number, page.clear())) {
          throw new AssertionError("the index has page " + number + ", but it is not there");
        }
        pages.put(number, page.array().clone());
      }
      return pages;
    }
  }

  public static Verification verify(byte[] file, LtxVerifier.Depth depth, ReadOptions options)
      throws IOException {
    return LtxVerifier.verify(source(file), depth, options);
  }

  public static ByteSource source(byte[] file) {
    return ByteSource.of("bytes", ByteBuffer.wrap(file));
  }

  public static ReadOptions as(Layout layout) {
    return ReadOptions.DEFAULT.withLayout(layout);
  }

  private static SortedMap<Long, byte[]> pages(LtxReader reader) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    while (reader.next()) {
      byte[] page = new byte[reader.header().pageSize()];
      reader.page().get(page);
      pages.put(reader.pageNumber(), page);
    }
    return pages;
  }
}
