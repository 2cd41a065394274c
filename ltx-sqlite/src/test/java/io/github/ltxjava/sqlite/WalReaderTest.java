package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.internal.WalReader;
import io.github.ltxjava.sqlite.internal.WalReader.Committed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalReaderTest {

  private static final int PAGE_SIZE = 512;
  private static final int FRAME_SIZE = PAGE_SIZE + 24;

  @TempDir Path folder;
  private Path database;
  private byte[] wal;

  /** A WAL of some 40 frames in 5 transactions, one of which shrinks the database. */
  @BeforeEach
  void makeWal() throws Exception {
    Path db = folder.resolve("test.db");
    try (Connection connection = Databases.connect(db)) {
      Databases.run(
          connection,
          "pragma page_size = 512",
          "pragma auto_vacuum = full",
          "pragma journal_mode = wal",
          "pragma wal_autocheckpoint = 0",
          "create table t (id integer primary key, x)",
          Databases.insert(12, 300),
          "update t set x = zeroblob(200) where id = 3",
          "delete from t where id > 4",
          "insert into t (x) values (randomblob(100))");
      database = Databases.copyWithWal(db, folder.resolve("origin"));
    }
    wal = Files.readAllBytes(Databases.wal(database));
    assertThat((wal.length - 32) % FRAME_SIZE).isZero();
  }

  @Test
  void everyPrefixGivesTheTransactionsThatAreWhole() throws IOException {
    for (int length = 0; length <= wal.length; length++) {
      byte[] prefix = Arrays.copyOf(wal, length);
      assertAgreesWithTwin(prefix);
    }
  }

  @Test
  void everyFlippedByteEndsTheWalWhereItIs() throws IOException {
    for (int i = 0; i < wal.length; i++) {
      byte[] damaged = wal.clone();
      damaged[i] ^= 0x41;
      Committed committed = assertAgreesWithTwin(damaged);
      assertThat(committed.frameCount()).isLessThanOrEqualTo(Math.max(0, (i - 32) / FRAME_SIZE));
    }
  }

  @Test
  void sqliteRecoversTheSame() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      byte[] damaged =
          round % 2 == 0 ? Arrays.copyOf(wal, random.nextInt(wal.length + 1)) : wal.clone();
      if (round % 2 == 1) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path copy = Files.createDirectory(folder.resolve("round-" + round)).resolve("copy.db");
      Files.copy(database, copy);
      Files.write(Databases.wal(copy), damaged);
      byte[] ours;
      ours = Databases.snapshot(copy);
      Databases.run(copy, "pragma wal_checkpoint(truncate)");
      assertThat(Files.readAllBytes(copy)).as("round %s", round).isEqualTo(ours);
    }
  }

  @Test
  void bothByteOrdersOfChecksumsAreRead() throws IOException {
    Committed original = read(wal);
    byte[] other = withOtherByteOrder(wal);
    Committed committed = assertAgreesWithTwin(other);
    assertThat(committed.frameCount()).isEqualTo(original.frameCount());
    assertThat(committed.header().orElseThrow().words())
        .isNotEqualTo(original.header().orElseThrow().words());
  }

  @Test
  void sqliteReadsTheOtherByteOrderAsWeDo() throws Exception {
    Files.write(Databases.wal(database), withOtherByteOrder(wal));
    byte[] ours = Databases.snapshot(database);
    Databases.run(database, "pragma wal_checkpoint(truncate)");
    assertThat(Files.readAllBytes(database)).isEqualTo(ours);
  }

  @Test
  void framesOfAnEarlierUseAreIgnored() throws IOException {
    byte[] restarted = wal.clone();
    // As if a new use of the file had written one whole frame fewer: a frame with other salts.
    int at = 32 + 20 * FRAME_SIZE;
    restarted[at + 8]++;
    Committed committed = assertAgreesWithTwin(restarted);
    assertThat(committed.frameCount()).isPositive().isLessThanOrEqualTo(20);
  }

  @Test
  void anUnknownVersionIsRefused() {
    ByteBuffer header = ByteBuffer.wrap(wal);
    header.putInt(4, 3_007_001);
    ByteOrder order = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    header.putLong(24, Twin.checksum(0, wal, 0, 24, order));
    assertThatThrownBy(() -> read(wal))
        .isInstanceOf(SqliteFormatException.class)
        .hasMessageContaining("3007001");
  }

  @Test
  void laterFramesThanAskedForDoNotCount() throws IOException {
    Committed all = read(wal);
    for (int max = 0; max <= all.frameCount(); max++) {
      Committed some = WalReader.read(ByteSource.of("wal", ByteBuffer.wrap(wal)), max);
      assertThat(some.frameCount()).isLessThanOrEqualTo(max);
      assertSame(some, Twin.read(Arrays.copyOf(wal, 32 + max * FRAME_SIZE)));
    }
  }

  private static Committed read(byte[] bytes) throws IOException {
    return WalReader.read(ByteSource.of("wal", ByteBuffer.wrap(bytes)), Long.MAX_VALUE);
  }

  private static Committed assertAgreesWithTwin(byte[] bytes) throws IOException {
    Committed committed = read(bytes);
    assertSame(committed, Twin.read(bytes));
    return committed;
  }

  private static void assertSame(Committed committed, Twin twin) {
    assertThat(committed.frameCount()).isEqualTo(twin.frames);
    assertThat(committed.commit()).isEqualTo(twin.commit);
    assertThat(committed.pages().size()).isEqualTo(twin.pages.size());
    twin.pages.forEach((page, frame) -> assertThat(committed.pages().get(page)).isEqualTo(frame));
  }

  private static byte[] withOtherByteOrder(byte[] wal) {
    byte[] other = wal.clone();
    ByteBuffer bytes = ByteBuffer.wrap(other);
    bytes.putInt(0, bytes.getInt(0) ^ 1);
    ByteOrder order = (bytes.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    long sum = Twin.checksum(0, other, 0, 24, order);
    bytes.putLong(24, sum);
    for (int at = 32; at < other.length; at += FRAME_SIZE) {
      sum = Twin.checksum(sum, other, at, 8, order);
      sum = Twin.checksum(sum, other, at + 24, PAGE_SIZE, order);
      bytes.putLong(at + 16, sum);
    }
    return other;
  }

  /** The slow, obvious way, for one page size. */
  private static final class Twin {
    int frames;
    long commit;
    final Map<Integer, Integer> pages = new HashMap<>();

    static Twin read(byte[] wal) {
      Twin twin = new Twin();
      if (wal.length < 32) {
        return twin;
      }
      ByteBuffer bytes = ByteBuffer.wrap(wal);
      int magic = bytes.getInt(0);
      if (magic != 0x377f0682 && magic != 0x377f0683 || bytes.getInt(8) != PAGE_SIZE) {
        return twin;
      }
      ByteOrder order = magic == 0x377f0682 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
      long sum = checksum(0, wal, 0, 24, order);
      if (sum != bytes.getLong(24)) {
        return twin;
      }
      Map<Integer, Integer> open = new HashMap<>();
      int frame = 0;
      for (int at = 32; at + FRAME_SIZE <= wal.length; at += FRAME_SIZE) {
        sum = checksum(sum, wal, at, 8, order);
        sum = checksum(sum, wal, at + 24, PAGE_SIZE, order);
        boolean valid =
            bytes.getLong(at + 8) == bytes.getLong(16)
                && bytes.getLong(at + 16) == sum
                && bytes.getInt(at) != 0;
        if (!valid) {
          break;
        }
        open.put(bytes.getInt(at), ++frame);
        if (bytes.getInt(at + 4) != 0) {
          twin.frames = frame;
          twin.commit = Integer.toUnsignedLong(bytes.getInt(at + 4));
          twin.pages.putAll(open);
          open.clear();
        }
      }
      return twin;
    }

    static long checksum(long start, byte[] bytes, int offset, int length, ByteOrder order) {
      ByteBuffer words = ByteBuffer.wrap(bytes, offset, length).slice().order(order);
      int s0 = (int) (start >>> 32);
      int s1 = (int) start;
      while (words.hasRemaining()) {
        s0 += words.getInt() + s1;
        s1 += words.getInt() + s0;
      }
      return (long) s0 << 32 | Integer.toUnsignedLong(s1);
    }
  }
}
