package io.github.ltxjava.benchmarks.sidebyside;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.compaction.MergeResult;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** What both sides do, here by this library. */
final class Works implements Closeable {

  private static final int RANDOM_PAGES = 1000;

  private final Map<String, byte[]> loaded = new HashMap<>();
  private final Map<String, LtxFile> opened = new HashMap<>();
  private final Map<Integer, ExecutorService> pools = new HashMap<>();

  /** Does the work once; what precedes it is not timed. */
  interface Prepared {
    Outcome run() throws Exception;
  }

  /**
   * What a work gives.
   *
   * @param result what both sides have to agree on; asked for when the time has been taken
   * @param size of what was written, in bytes, or a count
   */
  record Outcome(Supplier<String> result, long size) {}

  /** Prepares a work, or returns null if it does not run on so many threads. */
  Prepared prepare(String work, int threads, List<String> arguments) throws IOException {
    String first = arguments.get(0);
    return switch (work) {
      case "encode" -> encode(load(first), threads);
      case "decode" -> threads == 1 ? decode(first) : decodeInParallel(first, threads);
      case "checksum" -> checksum(Path.of(first), threads);
      case "merge" -> merge(arguments, threads);
      case "open" -> threads > 1 ? null : open(Path.of(first));
      case "pages" -> pages(first, threads);
      case "restore" -> restore(Path.of(first), Path.of(arguments.get(1)), threads);
      case "bound" -> Bounds.prepare(first, threads, arguments, this);
      default -> throw new IllegalArgumentException("unknown work " + work);
    };
  }

  byte[] load(String path) throws IOException {
    byte[] known = loaded.get(path);
    if (known == null) {
      known = Files.readAllBytes(Path.of(path));
      loaded.put(path, known);
    }
    return known;
  }

  ExecutorService pool(int threads) {
    return pools.computeIfAbsent(threads, Executors::newFixedThreadPool);
  }

  /** Returns the calling thread and as many others as are missing. */
  private Parallelism parallelism(int threads) {
    return threads == 1 ? Parallelism.SEQUENTIAL : new Parallelism(pool(threads - 1), threads);
  }

  void forget() throws IOException {
    loaded.clear();
    for (LtxFile file : opened.values()) {
      file.close();
    }
    opened.clear();
  }

  @Override
  public void close() throws IOException {
    forget();
    pools.values().forEach(ExecutorService::shutdown);
  }

  static int pageSizeOf(byte[] database) {
    int stated = (database[16] & 0xFF) << 8 | database[17] & 0xFF;
    return stated == 1 ? LtxHeader.MAX_PAGE_SIZE : stated;
  }

  private Prepared encode(byte[] database, int threads) {
    int pageSize = pageSizeOf(database);
    long commit = database.length / pageSize;
    LtxHeader header =
        LtxHeader.snapshot(pageSize, commit, Txid.FIRST)
            .timestamp(Instant.ofEpochMilli(1000))
            .build();
    ByteBuffer pages = ByteBuffer.wrap(database).asReadOnlyBuffer();
    WriteOptions options = WriteOptions.DEFAULT.withParallelism(parallelism(threads));
    return () -> {
      CountingSink sink = new CountingSink();
      try (LtxWriter writer = LtxWriter.create(sink, header, options)) {
        writer.writeDatabase(ByteSource.of("database", pages.duplicate()));
        return outcome(writer.finish(), sink.count());
      }
    };
  }

  private static Outcome outcome(LtxTrailer trailer, long size) {
    return new Outcome(() -> trailer.postApply().orElseThrow().toString(), size);
  }

  private Prepared decode(String path) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(load(path)).asReadOnlyBuffer();
    return () -> {
      try (LtxReader reader = LtxReader.open(ByteSource.of(path, file.duplicate()))) {
        long pages = 0;
        while (reader.next()) {
          pages++;
        }
        return outcome(reader.trailer(), pages);
      }
    };
  }

  private Prepared decodeInParallel(String path, int threads) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(load(path)).asReadOnlyBuffer();
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(parallelism(threads));
    return () -> {
      try (LtxFile opened = LtxFile.open(ByteSource.of(path, file.duplicate()), options)) {
        opened.readAll((pageNumber, page) -> {});
        return outcome(opened.trailer(), opened.index().size());
      }
    };
  }

  private Prepared checksum(Path database, int threads) throws IOException {
    byte[] head = new byte[100];
    try (ByteSource source = ByteSource.open(database)) {
      source.readFully(0, ByteBuffer.wrap(head));
    }
    int pageSize = pageSizeOf(head);
    return () -> {
      try (ByteSource source = ByteSource.open(database)) {
        Checksum sum = DatabaseChecksum.of(source, pageSize, parallelism(threads));
        return new Outcome(sum::toString, 0);
      }
    };
  }

  private Prepared merge(List<String> paths, int threads) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (String path : paths) {
      files.add(load(path));
    }
    ReadOptions reading = ReadOptions.DEFAULT.withParallelism(parallelism(threads));
    WriteOptions writing = WriteOptions.DEFAULT.withParallelism(parallelism(threads));
    return () -> {
      List<ByteSource> sources = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        sources.add(ByteSource.of(paths.get(i), ByteBuffer.wrap(files.get(i))));
      }
      CountingSink sink = new CountingSink();
      MergeResult result = Merger.of(sources).reading(reading).writing(writing).writeTo(sink);
      return outcome(result.trailer(), sink.count());
    };
  }

  private static Prepared open(Path path) {
    return () -> {
      try (LtxFile file = LtxFile.open(ByteSource.open(path))) {
        PageIndex index = file.index();
        long sum = 0;
        for (int page : randomPages(index.size())) {
          sum += index.frameOffset(index.find(page));
        }
        long total = sum;
        return new Outcome(() -> Long.toString(total), index.size());
      }
    };
  }

  /** Page numbers that are the same on both sides. */
  private static int[] randomPages(int count) {
    int[] pages = new int[RANDOM_PAGES];
    int state = 1;
    for (int i = 0; i < pages.length; i++) {
      state = state * 1664525 + 1013904223;
      pages[i] = (int) (Integer.toUnsignedLong(state) * count >>> 32) + 1;
    }
    return pages;
  }

  private Prepared pages(String path, int threads) throws IOException {
    LtxFile file = opened.get(path);
    if (file == null) {
      file = LtxFile.open(ByteSource.open(Path.of(path)));
      opened.put(path, file);
    }
    LtxFile shared = file;
    int[] pages = randomPages(file.index().size());
    return () -> {
      long sum = 0;
      if (threads == 1) {
        sum = readPages(shared, pages, 0, pages.length);
      } else {
        List<Callable<Long>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          int from = pages.length * i / threads;
          int to = pages.length * (i + 1) / threads;
          parts.add(() -> readPages(shared, pages, from, to));
        }
        for (Future<Long> part : pool(threads).invokeAll(parts)) {
          sum += part.get();
        }
      }
      long total = sum;
      return new Outcome(() -> Long.toString(total), 0);
    };
  }

  private static long readPages(LtxFile file, int[] pages, int from, int to) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(file.header().pageSize());
    long sum = 0;
    for (int i = from; i < to; i++) {
      file.readPage(pages[i], page.clear());
      sum += (page.get(page.capacity() - 1) & 0xFF) + page.capacity();
    }
    return sum;
  }

  private Prepared restore(Path folder, Path database, int threads) {
    ReadOptions reading = ReadOptions.DEFAULT.withParallelism(parallelism(threads));
    return () -> {
      try (LtxStore store = DirectoryStore.openExisting(folder)) {
        LtxHeader header =
            Restorer.from(store).reading(reading).overwrite().restoreTo(database).header();
        return new Outcome(() -> checksumOf(database, header.pageSize()), 0);
      }
    };
  }

  private static String checksumOf(Path database, int pageSize) {
    try (ByteSource source = ByteSource.open(database)) {
      return DatabaseChecksum.of(source, pageSize).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
