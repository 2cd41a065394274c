package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.testkit.s3.S3Double;
import io.github.ltxjava.testkit.s3.S3Double.Request;
import io.github.ltxjava.testkit.s3.S3Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way to a server and back, and at the server. */
class S3FaultTest {

  private static final Instant TIME = Instant.parse("2026-11-24T03:15:52.784Z");
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final int PART = 50_000;
  private static final byte[] SMALL = bytes(20_000);
  private static final byte[] LARGE = bytes(110_000);

  /** A lost answer to these leaves an upload behind that nobody knows the identity of. */
  private static final Set<S3Fault> LEAVING_UPLOADS =
      EnumSet.of(S3Fault.INTERNAL_ERROR_AFTERWARDS, S3Fault.LOST_REPLY, S3Fault.CUT_BODY);

  private S3Double server;

  @BeforeEach
  void startServer() throws IOException {
    server = S3Double.start();
    server.minPartSize(PART);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SLOW_DOWN",
        "INTERNAL_ERROR",
        "INTERNAL_ERROR_AFTERWARDS",
        "CONFLICT",
        "TOO_MANY_REQUESTS",
        "LOST_REQUEST",
        "LOST_REPLY",
        "CUT_BODY",
        "EXPIRED_TOKEN"
      })
  void anyRequestOfAnyKindMayFailOnce(S3Fault fault) throws IOException {
    long requests = cycle(request -> false, fault);
    for (int n = 0; n < requests; n++) {
      AtomicInteger number = new AtomicInteger();
      int which = n;
      cycle(request -> number.getAndIncrement() == which, fault);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PutObject",
        "GetObject",
        "HeadObject",
        "ListObjectsV2",
        "UploadPart",
        "CreateMultipartUpload",
        "CompleteMultipartUpload",
        "DeleteObjects"
      })
  void aServerThatFallsSilentIsAskedAgain(String operation) throws IOException {
    for (S3Fault fault : List.of(S3Fault.STALLED_REPLY, S3Fault.STALLED_BODY)) {
      cycle(request -> request.operation().equals(operation), fault);
    }
  }

  /**
   * Everything that a store does, under a fault; what comes of it is right. Returns its requests.
   */
  private long cycle(Predicate<Request> which, S3Fault fault) throws IOException {
    server.close();
    startServer();
    server.failIf(request -> mayHappen(fault, request) && which.test(request), fault, 1);
    boolean stalls = fault == S3Fault.STALLED_REPLY || fault == S3Fault.STALLED_BODY;
    S3Options.Builder options = Doubles.options(server).concurrency(1);
    if (stalls) {
      options.stallTimeout(SHORT);
    }
    try (S3Store store = open(options)) {
      try (Lease lease = Lease.acquire(store, "a:1", Duration.ofHours(1), Clock.systemUTC())) {
        lease.renew();
        write(store, 0, 1, SMALL);
        write(store, 0, 2, LARGE);
        lease.renew();
        assertThat(lease.info().generation()).isEqualTo(1);
      }
      List<LtxFileInfo> files = store.withExactTimestamps(store.list(0, Txid.FIRST));
      assertThat(files)
          .containsExactly(
              new LtxFileInfo(0, TxidRange.of(Txid.of(1)), SMALL.length, TIME),
              new LtxFileInfo(0, TxidRange.of(Txid.of(2)), LARGE.length, TIME));
      assertThat(read(store, files.get(0))).isEqualTo(SMALL);
      assertThat(read(store, files.get(1))).isEqualTo(LARGE);
      store.delete(files);
      assertThat(store.listAll()).isEmpty();
    }
    assertThat(server.keys()).containsExactly("some/db/lock.json");
    boolean left =
        LEAVING_UPLOADS.contains(fault)
            && server.requests().stream()
                .anyMatch(r -> r.faulty() && r.operation().equals("CreateMultipartUpload"));
    if (!stalls) { // A slow machine may let any request time out, and be made twice.
      assertThat(server.unfinishedUploads()).isEqualTo(left ? 1 : 0);
    }
    return server.requests().size();
  }

  private static boolean mayHappen(S3Fault fault, Request request) {
    boolean reads = request.operation().matches("(Get|Head|List).*");
    return !request.operation().equals(S3Double.DELETE_ONE)
        && !(fault == S3Fault.CONFLICT && reads);
  }

  @ParameterizedTest
  @EnumSource(names = {"SLOW_DOWN", "LOST_REQUEST", "CUT_BODY"})
  void whatFailsForEverIsGivenUpWithAClearError(S3Fault fault) throws IOException {
    try (S3Store store = open(Doubles.options(server).maxAttempts(4))) {
      server.fail("ListObjectsV2", fault, 100);
      assertThatThrownBy(store::listAll)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ListObjectsV2 s3://bucket/");
      if (fault != S3Fault.LOST_REQUEST) { // which the JDK repeats on its own account
        assertThat(server.count("ListObjectsV2")).isEqualTo(4);
      }
    }
  }

  @Test
  void aBudgetBoundsTheRepetitionsOfAllRequests() throws IOException {
    try (S3Store store = open(Doubles.options(server).maxBackoff(Duration.ZERO))) {
      server.fail("ListObjectsV2", S3Fault.SLOW_DOWN, 1000);
      for (int i = 0; i < 50; i++) {
        assertThatThrownBy(store::listAll).isInstanceOf(S3Exception.class);
      }
      assertThat(server.count("ListObjectsV2")).isEqualTo(50 + 100);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST_REPLY", "INTERNAL_ERROR_AFTERWARDS"})
  void aLostReplyToTheWinnerIsNoLoss(S3Fault fault) throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      server.fail("PutObject", fault, 1);
      write(store, 0, 1, SMALL);
      server.fail("CompleteMultipartUpload", fault, 1);
      write(store, 0, 2, LARGE);
      assertThat(server.content(key(1))).isEqualTo(SMALL);
      assertThat(server.content(key(2))).isEqualTo(LARGE);
      assertThat(server.unfinishedUploads()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST_REQUEST", "INTERNAL_ERROR"})
  void aLostRequestOfTheLoserIsNoWin(S3Fault fault) throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      for (byte[] bytes : List.of(SMALL, LARGE)) {
        try (ByteSink sink = store.create(0, TxidRange.of(Txid.FIRST), TIME)) {
          sink.write(ByteBuffer.wrap(bytes));
          // The very same bytes, by somebody else: only the identity tells them apart.
          server.put(key(1), bytes, Map.of("x-amz-meta-ltx-writer", "other:1 0123"));
          server.fail("PutObject", fault, 1);
          server.fail("CompleteMultipartUpload", fault, 1);
          assertThatThrownBy(sink::commit)
              .isInstanceOf(FileAlreadyExistsException.class)
              .hasMessageContaining("other:1");
        }
        assertThat(server.unfinishedUploads()).isZero();
      }
    }
  }

  @Test
  void anErrorInAGoodAnswerIsAnError() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      server.fail("CompleteMultipartUpload", S3Fault.ERROR_IN_BODY, 1);
      write(store, 0, 2, LARGE);
      assertThat(server.content(key(2))).isEqualTo(LARGE);
    }
  }

  @Test
  void anUploadThatFailsIsAborted() throws IOException {
    try (S3Store store = open(Doubles.options(server).maxAttempts(2))) {
      server.fail("UploadPart", S3Fault.INTERNAL_ERROR, 100);
      assertThatThrownBy(() -> write(store, 0, 2, LARGE))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining("UploadPart");
      assertThat(server.unfinishedUploads()).isZero();
      assertThat(server.keys()).isEmpty();
    }
  }

  @Test
  void aCutBodyIsContinuedWhereItEnded() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      write(store, 0, 2, LARGE);
      LtxFileInfo file = store.listAll().get(0);
      server.forgetRequests();
      server.fail("GetObject", S3Fault.CUT_BODY, 5);
      assertThat(read(store, file)).isEqualTo(LARGE);
      assertThat(server.count("GetObject")).isEqualTo(6);
      server.fail("GetObject", S3Fault.CUT_BODY, 1000);
      assertThatThrownBy(() -> read(store, file)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void slowIsNotSilent() throws IOException {
    Duration silence = Duration.ofSeconds(2);
    try (S3Store store = open(Doubles.options(server).stallTimeout(silence).maxAttempts(1))) {
      write(store, 0, 2, LARGE);
      server.fail("GetObject", S3Fault.SLOW_BODY, 1);
      assertThat(read(store, store.listAll().get(0)))
          .as("received in three seconds, but without a break of two")
          .isEqualTo(LARGE);
    }
  }

  @Test
  void aRangeThatWasNotAskedForIsRefused() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      write(store, 0, 1, SMALL);
      LtxFileInfo file = store.listAll().get(0);
      for (S3Fault fault : List.of(S3Fault.WRONG_RANGE, S3Fault.WRONG_TOTAL)) {
        server.fail("GetObject", fault, 1);
        assertThatThrownBy(() -> read(store, file))
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining(file.txids().fileName());
      }
      server.fail("GetObject", S3Fault.IGNORED_RANGE, 1);
      try (ByteSource source = store.open(file)) {
        ByteBuffer start = ByteBuffer.allocate(100);
        source.readFully(0, start);
        assertThat(start.array()).isEqualTo(Arrays.copyOf(SMALL, 100));
      }
      server.fail("GetObject", S3Fault.IGNORED_RANGE, 1);
      try (ByteSource source = store.open(file)) {
        ByteBuffer tail = ByteBuffer.allocate(100);
        source.readFully(SMALL.length - 100, tail);
        assertThat(tail.array())
            .isEqualTo(Arrays.copyOfRange(SMALL, SMALL.length - 100, SMALL.length));
      }
    }
  }

  @Test
  void aFileThatIsNotAsItWasListedIsRefused() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      write(store, 0, 1, SMALL);
      LtxFileInfo file = store.listAll().get(0);
      server.put(key(1), bytes(10), Map.of());
      assertThatThrownBy(() -> read(store, file)).isInstanceOf(S3Exception.class);
      try (ByteSource source = store.open(file)) {
        assertThatThrownBy(() -> source.readFully(1000, ByteBuffer.allocate(10)))
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining("shorter");
      }
      server.put(key(1), bytes(30), Map.of());
      LtxFileInfo listed = store.listAll().get(0);
      try (ByteSource source = store.open(listed)) {
        source.readFully(0, ByteBuffer.allocate(10));
        server.put(key(1), new byte[30], Map.of());
        assertThatThrownBy(() -> source.readFully(20, ByteBuffer.allocate(10)))
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining("replaced");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_XML", "ENDLESS_BODY"})
  void anAnswerThatIsNoListingIsRefused(S3Fault fault) throws IOException {
    try (S3Store store = open(Doubles.options(server).maxAttempts(1))) {
      server.fail("ListObjectsV2", fault, 1);
      assertThatThrownBy(store::listAll)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ListObjectsV2");
    }
  }

  @Test
  void aWrongClockIsCorrected() throws IOException {
    Clock slow = Clock.offset(Clock.systemUTC(), Duration.ofHours(-5));
    try (S3Store store = open(Doubles.options(server).clock(slow))) {
      assertThat(store.listAll()).isEmpty();
      assertThat(store.listAll()).isEmpty();
      assertThat(server.count("ListObjectsV2")).as("it is corrected once").isEqualTo(3);
    }
    Clock stopped = Clock.fixed(TIME, ZoneOffset.UTC);
    try (S3Store store = open(Doubles.options(server).clock(stopped))) {
      server.put(key(1), SMALL, Map.of());
      LtxFileInfo file = new LtxFileInfo(0, TxidRange.of(Txid.FIRST), SMALL.length, TIME);
      assertThat(store.withExactTimestamps(List.of(file)))
          .as("answers to HEAD do not say what is wrong")
          .hasSize(1);
    }
  }

  @Test
  void aServerOfAnotherRegionIsBelieved() throws IOException {
    server.region("eu-central-7");
    try (S3Store store =
        open(Doubles.options(server).region("us-east-1").conditions(S3Options.Conditions.ALL))) {
      write(store, 0, 1, SMALL);
      assertThat(store.listAll()).hasSize(1);
      assertThat(server.count("PutObject")).isEqualTo(2);
    }
  }

  @Test
  void credentialsThatWereRefusedAreFetchedAnew() throws IOException {
    server.sessionToken("second");
    AtomicInteger fetched = new AtomicInteger();
    S3CredentialsProvider source =
        new CachedCredentials(
            () ->
                new S3Credentials(
                    S3Double.ACCESS_KEY,
                    S3Double.SECRET_KEY,
                    Optional.of(fetched.incrementAndGet() == 1 ? "first" : "second"),
                    Optional.empty()));
    try (S3Store store = open(Doubles.options(server).credentials(source))) {
      assertThat(store.listAll()).isEmpty();
      assertThat(store.listAll()).isEmpty();
      assertThat(fetched).hasValue(2);
    }
  }

  @Test
  void aRefusalIsNotRepeated() throws IOException {
    S3CredentialsProvider wrong =
        S3CredentialsProvider.of(S3Credentials.of(S3Double.ACCESS_KEY, "guess"));
    try (S3Store store = open(Doubles.options(server).credentials(wrong))) {
      assertThatThrownBy(store::listAll)
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> {
                assertThat(e.status()).isEqualTo(403);
                assertThat(e.code()).isEqualTo("SignatureDoesNotMatch");
              });
      assertThatThrownBy(() -> write(store, 0, 1, SMALL)).isInstanceOf(S3Exception.class);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void whoMayNotWriteCanRead() throws IOException {
    try (S3Store writer = open(Doubles.options(server));
        S3Store reader = open(Doubles.options(server))) {
      write(writer, 0, 1, SMALL);
      Lease lease = Lease.acquire(writer, "a:1", Duration.ofHours(1), Clock.systemUTC());
      server.fail("PutObject", S3Fault.ACCESS_DENIED, 100);
      server.fail("DeleteObject", S3Fault.ACCESS_DENIED, 100);
      assertThat(reader.capabilities().conditionalCreate()).isFalse();
      assertThat(read(reader, reader.listAll().get(0))).isEqualTo(SMALL);
      assertThat(Lease.read(reader)).contains(lease.info());
      assertThatThrownBy(() -> write(reader, 0, 2, SMALL)).hasMessageContaining("AccessDenied");
      assertThatThrownBy(lease::renew).hasMessageContaining("AccessDenied");
    }
  }

  @Test
  void aMissingBucketIsNotAnEmptyStore() throws IOException {
    S3Options options = Doubles.options(server).conditions(S3Options.Conditions.ALL).build();
    try (S3Store store = S3Store.open(URI.create("s3://no-such-bucket/db"), options)) {
      LtxFileInfo file = new LtxFileInfo(0, TxidRange.of(Txid.FIRST), 5, TIME);
      assertThatThrownBy(store::listAll).hasMessageContaining("NoSuchBucket");
      assertThatThrownBy(() -> write(store, 0, 1, SMALL)).hasMessageContaining("NoSuchBucket");
      assertThatThrownBy(() -> read(store, file))
          .isNotInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("NoSuchBucket");
      assertThatThrownBy(() -> Lease.read(store)).hasMessageContaining("NoSuchBucket");
    }
  }

  @Test
  void missingCredentialsAreAClearErrorAtOnce() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    S3CredentialsProvider none =
        () -> {
          asked.incrementAndGet();
          throw new IOException("none here");
        };
    try (S3Store store = open(Doubles.options(server).credentials(none))) {
      assertThatThrownBy(store::listAll)
          .isInstanceOf(IOException.class)
          .hasMessage("ListObjectsV2 s3://bucket/: none here");
      assertThat(asked).hasValue(1);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void nobodyAtHomeIsAClearError() throws IOException {
    URI endpoint = server.endpoint();
    server.close();
    try (S3Store store = open(Doubles.options(server).endpoint(endpoint).maxAttempts(2))) {
      assertThatThrownBy(store::listAll)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("ListObjectsV2")
          .hasMessageContaining("nobody answers at 127.0.0.1:");
    }
  }

  @Test
  void aFileThatCannotBeDeletedIsNamed() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      for (int txid = 1; txid <= 3; txid++) {
        write(store, 0, txid, SMALL);
      }
      server.failIf(
          request -> request.operation().equals("DeleteOne") && request.key().equals(key(2)),
          S3Fault.CONFLICT,
          1);
      assertThatThrownBy(() -> store.delete(store.listAll()))
          .isInstanceOf(S3Exception.class)
          .hasMessageContaining(key(2))
          .hasMessageContaining("AccessDenied");
      assertThat(server.keys()).containsExactly(key(2));

      write(store, 0, 5, SMALL);
      server.fail("DeleteOne", S3Fault.SLOW_DOWN, 2);
      store.delete(store.listAll());
      assertThat(server.keys()).as("what may pass is tried again").isEmpty();
    }
  }

  @Test
  void anInterruptEndsTheWaiting() throws IOException {
    try (S3Store store = open(Doubles.options(server))) {
      server.fail("ListObjectsV2", S3Fault.STALLED_REPLY, 1);
      Thread.currentThread().interrupt();
      assertThatThrownBy(store::listAll).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static S3Store open(S3Options.Builder options) {
    return Doubles.open(options.anyPartSize(PART));
  }

  private static String key(long txid) {
    return "some/db/0000/" + TxidRange.of(Txid.of(txid)).fileName();
  }

  private static void write(S3Store store, int level, long txid, byte[] bytes) throws IOException {
    try (ByteSink sink = store.create(level, TxidRange.of(Txid.of(txid)), TIME)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  private static byte[] read(S3Store store, LtxFileInfo file) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(file.size())];
    try (ByteSource source = store.open(file)) {
      source.readFully(0, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
