package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LeaseHeldException;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.testkit.LtxStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the store does on a real server, beside the contract of all stores. */
abstract class RealServerContract extends LtxStoreContract {

  private static final Instant TIME = Instant.parse("2026-11-24T03:15:52.784Z");
  private static final AtomicInteger PATHS = new AtomicInteger();

  private String path = "";

  /** Returns the server that all tests of the class share. */
  abstract ServerProcess server();

  @Override
  protected LtxStore openEmptyStore() {
    path = "test/" + PATHS.incrementAndGet();
    return server().open(path);
  }

  @Override
  protected Optional<LtxStore> openAgain() {
    return Optional.of(server().open(path));
  }

  private S3Store open() {
    return server().open(path);
  }

  @Test
  void theServerHonoursConditions() throws IOException {
    try (S3Store store = open()) {
      assertThat(store.capabilities().conditionalCreate()).isTrue();
      assertThat(store.capabilities().conditionalReplace()).isTrue();
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  void timestampsComeBack() throws IOException {
    try (S3Store store = open()) {
      for (int txid = 1; txid <= 40; txid++) {
        write(store, 0, txid, bytes(10));
      }
      List<LtxFileInfo> listed = store.list(0, Txid.of(11));
      assertThat(listed).hasSize(30);
      assertThat(store.withExactTimestamps(listed))
          .hasSize(30)
          .extracting(LtxFileInfo::createdAt)
          .containsOnly(TIME);
      store.delete(listed);
      assertThat(store.listAll()).hasSize(10);
    }
  }

  @Test
  void aLargeFileGoesThereInPartsAndBack() throws IOException {
    byte[] bytes = bytes(11_000_000);
    try (S3Store store = open()) {
      write(store, 9, 1, bytes);
      LtxFileInfo file = store.withExactTimestamps(store.listAll()).get(0);
      assertThat(file.createdAt()).isEqualTo(TIME);
      byte[] read = new byte[bytes.length];
      try (ByteSource source = store.open(file)) {
        source.readFully(0, ByteBuffer.wrap(read, 0, 1000));
        source.readFully(1000, ByteBuffer.wrap(read, 1000, 200_000));
        source.readFully(201_000, ByteBuffer.wrap(read, 201_000, bytes.length - 201_000));
      }
      assertThat(read).isEqualTo(bytes);
      assertThatThrownBy(() -> write(store, 9, 1, bytes(6_000_000)))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining("written by");
      assertThat(store.listAll().get(0).size()).isEqualTo(bytes.length);
    }
  }

  @Test
  void ofManyWritersOfALargeFileExactlyOneWins() throws IOException {
    int writers = 4;
    byte[] bytes = bytes(6_000_000);
    try (S3Store store = open()) {
      for (int round = 1; round <= 3; round++) {
        CyclicBarrier barrier = new CyclicBarrier(writers);
        int txid = round;
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
          work.add(
              () -> {
                try (ByteSink sink = store.create(0, TxidRange.of(Txid.of(txid)), TIME)) {
                  sink.write(ByteBuffer.wrap(bytes));
                  barrier.await();
                  sink.commit();
                  return true;
                } catch (FileAlreadyExistsException e) {
                  return false;
                }
              });
        }
        assertThat(Parallel.all(work, writers)).containsOnlyOnce(true);
      }
    }
  }

  @Test
  void aLeaseIsHeldAndHandedOver() throws IOException {
    Clock clock = Clock.systemUTC();
    try (S3Store store = open();
        S3Store other = open()) {
      try (Lease lease = Lease.acquire(store, "a:1", Duration.ofHours(1), clock)) {
        lease.renew();
        assertThatThrownBy(() -> Lease.acquire(other, "b:2", Duration.ofHours(1), clock))
            .isInstanceOf(LeaseHeldException.class)
            .hasMessageContaining("a:1");
      }
      Lease next = Lease.acquire(other, "b:2", Duration.ofHours(1), clock);
      assertThat(next.info().generation()).isEqualTo(2);
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  void aWrongSecretIsRefused() throws IOException {
    S3CredentialsProvider wrong =
        S3CredentialsProvider.of(S3Credentials.of(ServerProcess.ACCESS_KEY, "guess"));
    try (S3Store store = server().open(path, server().options().credentials(wrong))) {
      assertThatThrownBy(store::listAll)
          .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.status()).isEqualTo(403));
    }
  }

  @Test
  void namesOutOfTheOrdinaryAreSignedRightly() throws IOException {
    String odd = path + "/a b+c&d=e~(f)'!*@:,;$ü";
    try (S3Store store = open().at(odd)) {
      write(store, 0, 1, bytes(5));
      write(store, 0, 2, bytes(6));
      assertThat(store.list(0, Txid.of(2))).hasSize(1);
      store.delete(store.listAll());
      assertThat(store.listAll()).isEmpty();
    }
  }

  private static void write(S3Store store, int level, long txid, byte[] bytes) throws IOException {
    try (ByteSink sink = store.create(level, TxidRange.of(Txid.of(txid)), TIME)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
