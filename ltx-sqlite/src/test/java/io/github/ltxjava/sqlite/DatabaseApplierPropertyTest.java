package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories of pages, against an array of bytes. */
class DatabaseApplierPropertyTest {

  private static final int PAGE_SIZE = 512;
  private static final int MAX_PAGES = 12;

  @Property(tries = 300)
  void filesAppliedAtOnceOneByOneAndByTheTwinGiveTheSameDatabase(@ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("apply");
    Path atOnce = folder.resolve("at-once.db");
    Path oneByOne = folder.resolve("one-by-one.db");
    try {
      Random random = new Random(seed);
      byte[] state = new byte[PAGE_SIZE * random.nextInt(MAX_PAGES)];
      random.nextBytes(state);
      if (state.length > 0 || random.nextBoolean()) {
        Files.write(atOnce, state);
        Files.write(oneByOne, state);
      }
      List<ByteSource> files = new ArrayList<>();
      int count = 1 + random.nextInt(5);
      for (int i = 0; i < count; i++) {
        byte[] next = nextState(state, random);
        ByteSource file = file(state, next, i, random);
        files.add(file);
        state = next;
        DatabaseApplier.apply(oneByOne, List.of(file));
        assertThat(Files.readAllBytes(oneByOne)).as("after file %s", i).isEqualTo(state);
      }
      DatabaseApplier.apply(atOnce, files);
      assertThat(Files.readAllBytes(atOnce)).isEqualTo(state);
    } finally {
      Files.deleteIfExists(atOnce);
      Files.deleteIfExists(oneByOne);
      Files.delete(folder);
    }
  }

  /** Cuts or extends, by zeros, and changes some pages. */
  private static byte[] nextState(byte[] state, Random random) {
    int pages = random.nextInt(8) == 0 ? 0 : random.nextInt(MAX_PAGES);
    byte[] next = Arrays.copyOf(state, pages * PAGE_SIZE);
    for (int page = 0; page < pages; page++) {
      if (random.nextInt(3) == 0) {
        byte[] content = new byte[PAGE_SIZE];
        random.nextBytes(content);
        System.arraycopy(content, 0, next, page * PAGE_SIZE, PAGE_SIZE);
      }
    }
    return next;
  }

  /** A snapshot, or a delta that may leave out new pages where they are zero. */
  private static ByteSource file(byte[] before, byte[] after, int number, Random random)
      throws IOException {
    boolean snapshot = random.nextInt(6) == 0;
    boolean tracks = random.nextInt(3) > 0;
    int pages = after.length / PAGE_SIZE;
    Txid txid = Txid.of(number + 2);
    LtxHeader.Builder header;
    if (snapshot) {
      header = LtxHeader.snapshot(PAGE_SIZE, pages, txid);
      if (!tracks) {
        header.withoutChecksums();
      }
    } else if (tracks) {
      header = LtxHeader.delta(PAGE_SIZE, pages, TxidRange.of(txid), checksum(before));
    } else {
      header = LtxHeader.delta(PAGE_SIZE, pages, TxidRange.of(txid));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(bytes), header.build())) {
      for (int page = 0; page < pages; page++) {
        byte[] content = Arrays.copyOfRange(after, page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
        byte[] old = new byte[PAGE_SIZE];
        if ((page + 1) * PAGE_SIZE <= before.length) {
          System.arraycopy(before, page * PAGE_SIZE, old, 0, PAGE_SIZE);
        }
        if (snapshot || !Arrays.equals(content, old) || random.nextInt(4) == 0) {
          writer.write(page + 1, ByteBuffer.wrap(content));
        }
      }
      if (tracks) {
        writer.finish(checksum(after));
      } else {
        writer.finish();
      }
    }
    return ByteSource.of("file-" + number, ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static Checksum checksum(byte[] state) throws IOException {
    return DatabaseChecksum.of(ByteSource.of("state", ByteBuffer.wrap(state)), PAGE_SIZE);
  }
}
