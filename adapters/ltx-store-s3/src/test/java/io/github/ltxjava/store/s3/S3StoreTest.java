package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.ConditionalObject;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.testkit.LtxStoreContract;
import io.github.ltxjava.testkit.s3.S3Double;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3StoreTest extends LtxStoreContract {

  private static final Instant TIME = Instant.parse("2026-11-24T03:15:52.784Z");
  private static final String FIRST = "0000000000000001-0000000000000001.ltx";

  private S3Double server;

  @BeforeEach
  void startServer() throws IOException {
    if (server == null) {
      server = S3Double.start();
    }
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Override
  protected LtxStore openEmptyStore() throws IOException {
    startServer();
    return Doubles.open(server);
  }

  @Override
  protected Optional<LtxStore> openAgain() {
    return Optional.of(Doubles.open(server));
  }

  @Test
  void objectsLieWhereLitestreamPutsThem() throws IOException {
    try (S3Store store = Doubles.open(server)) {
      write(store, 9, 1, 0x2a, new byte[7]);
      assertThat(server.keys())
          .containsExactly("some/db/0009/0000000000000001-000000000000002a.ltx");
      assertThat(server.header(server.keys().get(0), "x-amz-meta-litestream-timestamp"))
          .isEqualTo("2026-11-24T03:15:52.784Z");
      assertThat(store).hasToString("s3://bucket/some/db/");
    }
  }

  @Test
  void whatIsNotAnLtxFileIsSkipped() throws IOException {
    for (String key :
        List.of(
            "some/db/0000/" + FIRST,
            "some/db/0000/deeper/" + FIRST,
            "some/db/0000/" + FIRST + ".tmp",
            "some/db/0000/0000000000000002-0000000000000001.ltx",
            "some/db/0000/000000000000000A-000000000000000B.ltx",
            "some/db/000a/" + FIRST,
            "some/db/00000/" + FIRST,
            "some/db/0/" + FIRST,
            "some/db/ltx/0/" + FIRST,
            "some/db/generations/0123/snapshots/0.lz4",
            "some/db/lock.json",
            "some/db/README + ü&<>",
            "some/db0000/" + FIRST,
            "some/other/0000/" + FIRST)) {
      server.put(key, new byte[3], Map.of());
    }
    try (S3Store store = Doubles.open(server)) {
      assertThat(store.listAll()).extracting(LtxFileInfo::name).containsExactly("0/" + FIRST);
      assertThat(store.list(0, Txid.FIRST)).hasSize(1);
    }
  }

  @Test
  void aListingCostsWhatIsListed() throws IOException {
    server.pageSize(10);
    for (int txid = 1; txid <= 95; txid++) {
      server.put("some/db/0000/" + TxidRange.of(Txid.of(txid)).fileName(), new byte[1], Map.of());
    }
    server.put("some/db/zzz", new byte[1], Map.of());
    try (S3Store store = Doubles.open(server)) {
      assertThat(store.list(0, Txid.FIRST)).hasSize(95);
      assertThat(server.count("ListObjectsV2")).isEqualTo(10);
      server.forgetRequests();
      assertThat(store.list(0, Txid.of(90))).hasSize(6).isSorted();
      assertThat(server.requests()).hasSize(1);
      server.forgetRequests();
      assertThat(store.listAll()).hasSize(95);
      assertThat(server.requests()).hasSize(10);
    }
  }

  @Test
  void exactTimestampsAreAskedForOnce() throws IOException {
    try (S3Store store = Doubles.open(server)) {
      for (int txid = 1; txid <= 30; txid++) {
        write(store, 0, txid, txid, new byte[1]);
      }
      String bad = "some/db/0000/" + TxidRange.of(Txid.of(40)).fileName();
      server.put(bad, new byte[1], Map.of("x-amz-meta-litestream-timestamp", "yesterday"));
      String nanos = "some/db/0000/" + TxidRange.of(Txid.of(50)).fileName();
      server.put(
          nanos,
          new byte[1],
          Map.of("x-amz-meta-litestream-timestamp", "2020-02-03T04:05:06.123456789+01:00"));
      List<LtxFileInfo> listed = store.list(0, Txid.FIRST);
      assertThat(listed).extracting(LtxFileInfo::createdAt).doesNotContain(TIME);
      server.forgetRequests();

      List<LtxFileInfo> exact = store.withExactTimestamps(listed);
      assertThat(exact).hasSize(32).isSorted();
      assertThat(exact.subList(0, 30)).extracting(LtxFileInfo::createdAt).containsOnly(TIME);
      assertThat(exact.get(30)).isEqualTo(listed.get(30));
      assertThat(exact.get(31).createdAt())
          .isEqualTo(Instant.parse("2020-02-03T03:05:06.123456789Z"));
      assertThat(server.count("HeadObject")).isEqualTo(32);

      assertThat(store.withExactTimestamps(listed)).isEqualTo(exact);
      assertThat(server.requests()).as("what is known is not asked for again").hasSize(32);
    }
  }

  @Test
  void aFileThatIsGoneHasNoExactTimestamp() throws IOException {
    try (S3Store store = Doubles.open(server)) {
      write(store, 0, 1, 1, new byte[1]);
      write(store, 0, 2, 2, new byte[1]);
      List<LtxFileInfo> listed = store.list(0, Txid.FIRST);
      store.delete(listed.subList(0, 1));
      assertThat(store.withExactTimestamps(listed))
          .extracting(LtxFileInfo::txids)
          .containsExactly(TxidRange.of(Txid.of(2)));
    }
  }

  @Test
  void aLargeFileIsSentInParts() throws IOException {
    byte[] bytes = bytes(12_000_000);
    try (S3Store store = Doubles.open(server)) {
      write(store, 9, 1, 7, bytes);
      assertThat(server.count("UploadPart")).isEqualTo(3 + 1); // one of them to ask the server
      assertThat(server.unfinishedUploads()).isZero();
      assertThat(server.content(server.keys().get(0))).isEqualTo(bytes);
      assertThat(server.header(server.keys().get(0), "x-amz-meta-litestream-timestamp"))
          .isEqualTo("2026-11-24T03:15:52.784Z");
      assertThatThrownBy(() -> write(store, 9, 1, 7, bytes))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(server.unfinishedUploads()).isZero();
    }
  }

  @Test
  void tenThousandPartsHoldThreeTebibytes() {
    long total = 0;
    for (int number = 1; number <= S3Sink.MAX_PARTS; number++) {
      int size = S3Sink.partSize(S3Options.MIN_PART_SIZE, number);
      assertThat(size).isBetween(S3Options.MIN_PART_SIZE, S3Options.MAX_PART_SIZE);
      total += size;
    }
    assertThat(total).isGreaterThan(3L << 40);
    assertThat(S3Sink.partSize(S3Options.MIN_PART_SIZE, 1000)).isEqualTo(5 << 20);
    assertThat(S3Sink.partSize(S3Options.MIN_PART_SIZE, 1001)).isEqualTo(10 << 20);
  }

  @Test
  void aLargeFileThatIsNotCommittedLeavesNothing() throws IOException {
    try (S3Store store = Doubles.open(server)) {
      try (ByteSink sink = store.create(0, TxidRange.of(Txid.FIRST), TIME)) {
        sink.write(ByteBuffer.wrap(bytes(11_000_000)));
        assertThat(server.unfinishedUploads()).isEqualTo(1);
      }
      assertThat(server.unfinishedUploads()).isZero();
      assertThat(server.keys()).isEmpty();
    }
  }

  @Test
  void whereOnlyOneRequestIsConditionalALargeFileIsSentByOne() throws IOException {
    server.conditions(true, false);
    byte[] bytes = bytes(12_000_000);
    try (S3Store store = Doubles.open(server)) {
      assertThat(store.capabilities().conditionalCreate()).isTrue();
      server.forgetRequests();
      write(store, 9, 1, 7, bytes);
      assertThat(server.requests())
          .extracting(S3Double.Request::operation)
          .containsExactly("PutObject");
      assertThat(server.content(server.keys().get(0))).isEqualTo(bytes);
      assertThatThrownBy(() -> write(store, 9, 1, 7, bytes))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
  }

  @Test
  void aServerThatIgnoresConditionsIsFoundOut() throws IOException {
    server.conditions(false, false);
    try (S3Store store = Doubles.open(server)) {
      assertThat(store.capabilities().conditionalCreate()).isFalse();
      assertThat(store.capabilities().conditionalReplace()).isFalse();
      assertThat(store.object("lock.json")).isEmpty();
      assertThat(server.keys()).as("nothing is left of asking").isEmpty();
      assertThat(server.unfinishedUploads()).isZero();

      write(store, 0, 1, 1, new byte[1]);
      assertThatThrownBy(() -> write(store, 0, 1, 1, new byte[2]))
          .as("what is there already is seen even so")
          .isInstanceOf(FileAlreadyExistsException.class);
    }
  }

  @Test
  void aServerThatIgnoresConditionsHasNoLease() throws IOException {
    server.conditions(false, false);
    server.put("some/db/lock.json", new byte[0], Map.of());
    try (S3Store store = Doubles.open(server)) {
      ConditionalObject object = store.object("lock.json").orElseThrow();
      assertThat(object.read()).as("reading needs no condition").isPresent();
      assertThatThrownBy(() -> object.replace(object.read(), new byte[1]))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(server.content("some/db/lock.json")).isEmpty();
      assertThatThrownBy(
              () -> Lease.acquire(store.at("new"), "a:1", Duration.ofHours(1), Clock.systemUTC()))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void theServerIsAskedOnceAndNotByWhoReads() throws IOException {
    server.put("some/db/0000/" + FIRST, new byte[3], Map.of());
    try (S3Store store = Doubles.open(server)) {
      try (ByteSource source = store.open(store.listAll().get(0))) {
        source.readFully(0, ByteBuffer.allocate(3));
      }
      store.delete(store.listAll());
      assertThat(server.count("PutObject")).isZero();
      assertThat(store.capabilities()).isEqualTo(store.capabilities());
      long asked = server.count("PutObject");
      write(store, 0, 1, 1, new byte[1]);
      write(store.at("/another//db/"), 0, 1, 1, new byte[1]);
      assertThat(server.count("PutObject")).isEqualTo(asked + 2);
      assertThat(server.keys()).contains("another/db/0000/" + FIRST);
    }
  }

  @Test
  void whatIsSaidOfTheServerIsBelieved() throws IOException {
    try (S3Store store =
        Doubles.open(Doubles.options(server).conditions(S3Options.Conditions.CREATE))) {
      assertThat(store.capabilities().conditionalCreate()).isTrue();
      assertThat(store.capabilities().conditionalReplace()).isFalse();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void theLoserLearnsWhoHasWritten() throws IOException {
    try (S3Store first = Doubles.open(Doubles.options(server).owner("alpha:1"));
        S3Store second = Doubles.open(Doubles.options(server).owner("beta:2"))) {
      write(first, 0, 1, 1, new byte[1]);
      assertThatThrownBy(() -> write(second, 0, 1, 1, new byte[1]))
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining("alpha:1")
          .hasMessageContaining(FIRST);
    }
  }

  @Test
  void readingFrontToBackTakesFewRequests() throws IOException {
    byte[] bytes = bytes(5_000_000);
    try (S3Store store = Doubles.open(server)) {
      write(store, 0, 1, 1, bytes);
      LtxFileInfo file = store.listAll().get(0);
      server.forgetRequests();
      ByteBuffer piece = ByteBuffer.allocate(10_000);
      try (ByteSource source = store.open(file)) {
        for (int at = 0; at < bytes.length; at += 10_000) {
          source.readFully(at, piece.clear());
          assertThat(piece.flip())
              .isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + 10_000)));
        }
      }
      assertThat(server.requests().size()).isLessThanOrEqualTo(7);
    }
  }

  @Test
  void aReaderThatLeavesEarlyGivesItsConnectionBack() throws IOException {
    try (S3Store store = Doubles.open(server)) {
      write(store, 0, 1, 1, bytes(300_000));
      LtxFileInfo file = store.listAll().get(0);
      int before = server.connections();
      for (int i = 0; i < 20; i++) {
        try (ByteSource source = store.open(file)) {
          source.readFully(0, ByteBuffer.allocate(100_000));
          source.readFully(100_000, ByteBuffer.allocate(100_000)); // 100,000 more are under way
        }
      }
      assertThat(server.connections()).isLessThan(before + 20);
    }
  }

  @Test
  void manyFilesAreDeletedByFewRequests() throws IOException {
    for (int txid = 1; txid <= 2500; txid++) {
      server.put("some/db/0000/" + TxidRange.of(Txid.of(txid)).fileName(), new byte[1], Map.of());
    }
    try (S3Store store = Doubles.open(server)) {
      List<LtxFileInfo> files = new ArrayList<>(store.listAll());
      Collections.shuffle(files, new Random(1));
      server.forgetRequests();
      store.delete(files);
      assertThat(server.count("DeleteObjects")).isEqualTo(3);
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  void aServerWithoutBatchesDeletesOneByOne() throws IOException {
    server.batchDelete(false);
    try (S3Store store = Doubles.open(server)) {
      write(store, 0, 1, 1, new byte[1]);
      write(store, 0, 2, 2, new byte[1]);
      store.delete(store.listAll());
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  void keysThatLitestreamDidNotMeanToWriteAreReached() throws IOException {
    server.put("./0000/" + FIRST, new byte[1], Map.of());
    server.put("/0001/" + FIRST, new byte[2], Map.of());
    String url = "s3://" + S3Double.BUCKET + "?raw-prefix=";
    S3Options options = Doubles.options(server).build();
    for (String raw : List.of(".", "")) {
      try (S3Store store = S3Store.open(URI.create(url + raw), options)) {
        LtxFileInfo file = store.listAll().get(0);
        try (ByteSource source = store.open(file)) {
          source.readFully(0, ByteBuffer.allocate((int) file.size()));
        }
        assertThat(file.level()).isEqualTo(raw.isEmpty() ? 1 : 0);
      }
    }
  }

  @Test
  void theRootOfABucketIsAPlaceToo() throws IOException {
    S3Options options = Doubles.options(server).build();
    try (S3Store store = S3Store.open(URI.create("s3://" + S3Double.BUCKET), options)) {
      write(store, 3, 1, 1, new byte[1]);
      assertThat(server.keys()).containsExactly("0003/" + FIRST);
      assertThat(store.listAll()).hasSize(1);
    }
  }

  @Test
  void headersOfEncryptionAndStorageClassAreSent() throws IOException {
    byte[] key = bytes(32);
    try (S3Store store =
            Doubles.open(
                Doubles.options(server)
                    .customerKey(key)
                    .storageClass("STANDARD_IA")
                    .contentMd5(true));
        S3Store without = Doubles.open(server)) {
      write(store, 0, 1, 1, bytes(100));
      write(store, 1, 1, 1, bytes(6_000_000));
      for (LtxFileInfo file : store.listAll()) {
        String object = "some/db/000" + file.name();
        assertThat(server.header(object, "x-amz-storage-class")).isEqualTo("STANDARD_IA");
        assertThat(server.header(object, "x-amz-server-side-encryption-customer-algorithm"))
            .isEqualTo("AES256");
        try (ByteSource source = store.open(file)) {
          source.readFully(0, ByteBuffer.allocate(100));
        }
        try (ByteSource source = without.open(file)) {
          assertThatThrownBy(() -> source.readFully(0, ByteBuffer.allocate(100)))
              .isInstanceOf(S3Exception.class);
        }
      }
      assertThat(store.withExactTimestamps(store.listAll()))
          .extracting(LtxFileInfo::createdAt)
          .containsOnly(TIME);
    }
    try (S3Store store = Doubles.open(Doubles.options(server).kmsKeyId("arn:key"))) {
      write(store, 2, 1, 1, bytes(100));
      assertThat(
              server.header("some/db/0002/" + FIRST, "x-amz-server-side-encryption-aws-kms-key-id"))
          .isEqualTo("arn:key");
    }
  }

  @Test
  void bodiesMayBeLeftUnsigned() throws IOException {
    try (S3Store store = Doubles.open(Doubles.options(server).signPayload(false))) {
      write(store, 0, 1, 1, bytes(100));
      assertThat(store.listAll()).hasSize(1);
    }
  }

  @Test
  void requestsAreCounted() throws IOException {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    S3Listener listener =
        (operation, status, sent, attempt, duration) ->
            seen.add(operation + " " + status + " " + sent + " " + attempt);
    try (S3Store store =
        Doubles.open(
            Doubles.options(server).conditions(S3Options.Conditions.ALL).listener(listener))) {
      write(store, 0, 1, 1, bytes(100));
      store.listAll();
      assertThat(seen).containsExactly("PutObject 200 100 1", "ListObjectsV2 200 0 1");
    }
  }

  private static void write(S3Store store, int level, long min, long max, byte[] bytes)
      throws IOException {
    TxidRange txids = TxidRange.of(Txid.of(min), Txid.of(max));
    try (ByteSink sink = store.create(level, txids, TIME)) {
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
