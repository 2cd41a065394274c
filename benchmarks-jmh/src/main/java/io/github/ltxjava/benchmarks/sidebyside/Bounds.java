package io.github.ltxjava.benchmarks.sidebyside;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * What no implementation with this processor, this memory and this LZ4 can be faster than: parts of
 * the work, alone.
 */
final class Bounds {

  private static final int PIECE_SIZE = 1 << 20;

  /** What is read from the page cache faster than larger pieces. */
  private static final int READ_SIZE = 64 << 10;

  private Bounds() {}

  /** Does one of several equal parts and returns something that depends on all it read. */
  private interface Part {
    long run(int part, int parts) throws IOException;
  }

  static Works.Prepared prepare(String bound, int threads, List<String> arguments, Works works)
      throws IOException {
    String path = arguments.get(1);
    Part part =
        switch (bound) {
          case "memory-read" -> memoryRead(works.load(path));
          case "lz4-compress" -> compress(works.load(path));
          case "lz4-decompress" -> decompress(path, works.load(path));
          case "file-read" -> fileRead(Path.of(path));
          case "file-write" -> fileWrite(Path.of(path), works.load(arguments.get(2)));
          default -> throw new IllegalArgumentException("unknown bound " + bound);
        };
    return () -> {
      if (threads == 1) {
        return outcome(part.run(0, 1));
      }
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        tasks.add(() -> part.run(number, threads));
      }
      long sum = 0;
      for (Future<Long> future : works.pool(threads).invokeAll(tasks)) {
        sum += future.get();
      }
      return outcome(sum);
    };
  }

  private static Works.Outcome outcome(long sum) {
    return new Works.Outcome(() -> Long.toString(sum), 0);
  }

  /** Reads every word. */
  private static Part memoryRead(byte[] bytes) {
    return (part, parts) -> {
      int words = bytes.length / Long.BYTES;
      long[] sums = new long[4];
      int from = (int) ((long) words * part / parts);
      int to = (int) ((long) words * (part + 1) / parts);
      for (int start = from; start < to; start += PIECE_SIZE) {
        sums[start / PIECE_SIZE & 3] += Words.sum(bytes, start, Math.min(to, start + PIECE_SIZE));
      }
      return sums[0] + sums[1] + sums[2] + sums[3];
    };
  }

  private static Part compress(byte[] database) {
    int pageSize = Works.pageSizeOf(database);
    PageCodec codec = PageCodec.lz4();
    return (part, parts) -> {
      byte[] page = new byte[pageSize];
      byte[] target = new byte[codec.maxCompressedSize(pageSize)];
      int pages = database.length / pageSize;
      long sum = 0;
      for (int i = pages / parts * part; i < pages / parts * (part + 1); i++) {
        System.arraycopy(database, i * pageSize, page, 0, pageSize);
        sum += codec.compress(page, pageSize, target, 0);
      }
      return sum;
    };
  }

  private static Part decompress(String path, byte[] file) throws IOException {
    LZ4SafeDecompressor decompressor = LZ4Factory.nativeInstance().safeDecompressor();
    try (LtxFile opened = LtxFile.open(ByteSource.of(path, ByteBuffer.wrap(file)))) {
      PageIndex index = opened.index();
      int pageSize = opened.header().pageSize();
      return (part, parts) -> {
        byte[] page = new byte[pageSize];
        long sum = 0;
        for (int i = index.size() / parts * part; i < index.size() / parts * (part + 1); i++) {
          int offset = (int) index.frameOffset(i) + FrameLayout.SIZED_HEADER_SIZE;
          int length = index.frameSize(i) - FrameLayout.SIZED_HEADER_SIZE;
          sum += decompressor.decompress(file, offset, length, page, 0, pageSize);
        }
        return sum;
      };
    }
  }

  /**
   * Reads a file from the page cache in pieces, into memory that stays in the processor's cache.
   */
  private static Part fileRead(Path file) {
    return (part, parts) -> {
      ByteBuffer piece = ByteBuffer.allocateDirect(READ_SIZE);
      long sum = 0;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        long at = channel.size() / parts * part;
        long end = channel.size() / parts * (part + 1);
        while (at < end) {
          piece.clear().limit((int) Math.min(READ_SIZE, end - at));
          at += channel.read(piece, at);
          sum += piece.get(0);
        }
      }
      return sum;
    };
  }

  /** Writes a file anew and forces it. */
  private static Part fileWrite(Path file, byte[] content) {
    return (part, parts) -> {
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_SIZE);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (int at = 0; at < content.length; at += PIECE_SIZE) {
          piece.clear().put(content, at, Math.min(PIECE_SIZE, content.length - at)).flip();
          while (piece.hasRemaining()) {
            channel.write(piece);
          }
        }
        channel.force(true);
      }
      return content.length;
    };
  }
}
