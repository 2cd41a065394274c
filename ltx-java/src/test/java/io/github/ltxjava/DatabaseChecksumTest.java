package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSource;
import io.github.ltxjava.support.SlowCrc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseChecksumTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);
  private static final Parallelism THREADS = new Parallelism(POOL, 4);

  @AfterAll
  static void stopThreads() {
    POOL.shutdown();
  }

  @Test
  void thePublishedValuesComeOut() throws IOException {
    assertThat(of(512, 0x31)).isEqualTo(Checksum.parse("eb1a999231044ddd"));
    assertThat(of(1024, 0x32, 0x33)).isEqualTo(Checksum.parse("e1899b6d587aaaaa"));
    assertThat(of(1024, 0x81, 0x82, 0x83)).isEqualTo(Checksum.parse("8a249272ad9f7dea"));
    assertThat(of(1024, 0x81)).isEqualTo(Checksum.parse("eb953fc47685d740"));
    assertThat(of(512)).isEqualTo(Checksum.EMPTY_DATABASE);
  }

  private static Checksum of(int pageSize, int... fills) throws IOException {
    byte[] database = new byte[pageSize * fills.length];
    DatabaseChecksum rolling = DatabaseChecksum.ofEmpty(pageSize);
    for (int i = 0; i < fills.length; i++) {
      byte[] page = Pages.filled(pageSize, fills[i]);
      System.arraycopy(page, 0, database, i * pageSize, pageSize);
      rolling.toggle(i + 1, ByteBuffer.wrap(page));
    }
    Checksum sum = DatabaseChecksum.of(Ltx.source(database), pageSize);
    assertThat(rolling.value()).isEqualTo(sum);
    return sum;
  }

  @Test
  void replacingAPageIsTheSameAsComputingAnew() {
    byte[] first = Pages.text(4096, 1);
    byte[] second = Pages.text(4096, 2);
    byte[] changed = Pages.random(4096, 3);
    DatabaseChecksum sum =
        DatabaseChecksum.ofEmpty(4096)
            .toggle(1, ByteBuffer.wrap(first))
            .toggle(2, ByteBuffer.wrap(second));
    Checksum before = sum.value();
    sum.replace(2, ByteBuffer.wrap(second), ByteBuffer.wrap(changed));
    assertThat(sum.value())
        .isEqualTo(Checksum.of(SlowCrc.ofPage(1, first) ^ SlowCrc.ofPage(2, changed)));
    sum.replace(2, ByteBuffer.wrap(changed), ByteBuffer.wrap(second));
    assertThat(sum.value()).isEqualTo(before);
    sum.toggle(1, ByteBuffer.wrap(first)).toggle(2, ByteBuffer.wrap(second));
    assertThat(sum.value()).isEqualTo(Checksum.EMPTY_DATABASE);
    assertThat(DatabaseChecksum.from(4096, before).value()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65_536})
  void theLockPageDoesNotCount(int pageSize) {
    DatabaseChecksum sum = DatabaseChecksum.ofEmpty(pageSize);
    ByteBuffer page = ByteBuffer.wrap(Pages.random(pageSize, 1));
    sum.toggle(LtxHeader.lockPageNumber(pageSize), page);
    assertThat(sum.value()).isEqualTo(Checksum.EMPTY_DATABASE);
    assertThat(page.hasRemaining()).isFalse();
  }

  @Test
  void severalThreadsGiveTheSameSum() throws Exception {
    int pageSize = 512;
    byte[] database = Pages.random(pageSize * 100_001, 5);
    Checksum alone = DatabaseChecksum.of(Ltx.source(database), pageSize);
    assertThat(DatabaseChecksum.of(Ltx.source(database), pageSize, THREADS)).isEqualTo(alone);
    long sum = 0;
    for (int i = 0; i < 100_001; i += 1) {
      sum ^= SlowCrc.ofPage(i + 1L, Arrays.copyOfRange(database, i * pageSize, (i + 1) * pageSize));
    }
    assertThat(alone).isEqualTo(Checksum.of(sum));
  }

  @Test
  void aDatabaseBeyondOneGibibyteLeavesOutItsLockPage() throws Exception {
    int pageSize = 65_536;
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    AtomicLong lockPageReads = new AtomicLong();
    byte[] zeros = new byte[pageSize];
    ByteSource sparse =
        new ByteSource() {
          @Override
          public long size() {
            return (lockPage + 2) * pageSize;
          }

          @Override
          public void readFully(long position, ByteBuffer target) {
            long first = position / pageSize + 1;
            long last = first + target.remaining() / pageSize - 1;
            if (first <= lockPage && lockPage <= last) {
              lockPageReads.incrementAndGet();
            }
            while (target.hasRemaining()) {
              target.put(zeros, 0, Math.min(zeros.length, target.remaining()));
            }
          }

          @Override
          public String name() {
            return "zeros";
          }

          @Override
          public void close() {
            // There is nothing to release.
          }
        };
    long sum = 0;
    for (long number = 1; number <= lockPage + 2; number++) {
      if (number != lockPage) {
        sum ^= pageOfZeros(number, pageSize);
      }
    }
    assertThat(DatabaseChecksum.of(sparse, pageSize, THREADS)).isEqualTo(Checksum.of(sum));
    assertThat(lockPageReads).hasValue(1);
  }

  /** The page checksum of a page of zeros. */
  private static long pageOfZeros(long number, int pageSize) {
    DatabaseChecksum one = DatabaseChecksum.ofEmpty(pageSize);
    one.toggle(number, ByteBuffer.allocate(pageSize));
    return one.value().bits();
  }

  @Test
  void aBrokenPageSizeOrFileIsMisuse() {
    assertThatIllegalArgumentException().isThrownBy(() -> DatabaseChecksum.ofEmpty(1000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseChecksum.of(Ltx.source(new byte[512]), 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseChecksum.of(Ltx.source(new byte[1000]), 512))
        .withMessageContaining("1000 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseChecksum.ofEmpty(512).toggle(1, ByteBuffer.allocate(513)));
    for (long number : new long[] {0, -1, 1L << 32}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DatabaseChecksum.ofEmpty(512).toggle(number, ByteBuffer.allocate(512)))
          .withMessageContaining("page number");
    }
  }

  @Test
  void aFailingMediumComesThrough() {
    byte[] database = Pages.random(1 << 22, 1);
    for (int call = 0; call < 4; call++) {
      ProbeSource alone = new ProbeSource(database).failingAt(call);
      assertThatThrownBy(() -> DatabaseChecksum.of(alone, 4096))
          .isNotNull()
          .isSameAs(alone.failure());
      ProbeSource parallel = new ProbeSource(database).failingAt(call);
      assertThatThrownBy(() -> DatabaseChecksum.of(parallel, 4096, THREADS))
          .isNotNull()
          .isSameAs(parallel.failure());
      assertThat(parallel.closes()).isZero();
    }
  }
}
