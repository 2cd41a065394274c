package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.store.ConditionalObject;
import io.github.ltxjava.store.ConditionalObject.Version;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LeaseHeldException;
import io.github.ltxjava.store.LeaseInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the objects and leases of every {@link LtxStore} do that can replace conditionally. The
 * tests of a store extend this class beside {@link LtxStoreContract}.
 */
public abstract class LeaseContract {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Duration TTL = Duration.ofSeconds(30);

  private final ManualClock clock = new ManualClock();
  private LtxStore store;

  /** Opens a store that is empty; the contract closes it after each test. */
  protected abstract LtxStore openEmptyStore() throws IOException;

  /** Opens the same store again, as another process would; the contract closes it. */
  protected abstract LtxStore openAgain() throws IOException;

  @BeforeEach
  final void openStore() throws IOException {
    store = openEmptyStore();
  }

  @AfterEach
  final void closeStore() throws IOException {
    store.close();
  }

  @Test
  protected void anObjectIsReplacedOnlyByWhoHasSeenIt() throws IOException {
    assertThat(store.capabilities().conditionalReplace()).isTrue();
    ConditionalObject object = store.object("counter.json").orElseThrow();
    assertThat(object.read()).isEmpty();
    Version first = object.replace(Optional.empty(), utf8("1")).orElseThrow();
    assertThat(object.replace(Optional.empty(), utf8("other"))).isEmpty();
    assertThat(object.read().orElseThrow().text()).isEqualTo("1");
    assertThat(object.read().orElseThrow().tag()).isEqualTo(first.tag());

    Version second = object.replace(Optional.of(first), utf8("2")).orElseThrow();
    assertThat(object.replace(Optional.of(first), utf8("3"))).isEmpty();
    assertThat(object.read().orElseThrow().text()).isEqualTo("2");
    assertThat(object.replace(Optional.of(second), utf8(""))).isPresent();
    assertThat(object.read().orElseThrow().content()).isEmpty();
    assertThat(store.listAll()).isEmpty();
  }

  @Test
  protected void anObjectHasAPlainNameAndIsSmall() throws IOException {
    for (String name : List.of("", ".hidden", "a/b", "..", "UPPER", "x.ltx")) {
      assertThatThrownBy(() -> store.object(name)).isInstanceOf(IllegalArgumentException.class);
    }
    ConditionalObject object = store.object("large").orElseThrow();
    byte[] tooLarge = new byte[ConditionalObject.MAX_SIZE + 1];
    assertThatThrownBy(() -> object.replace(Optional.empty(), tooLarge))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] largest = new byte[ConditionalObject.MAX_SIZE];
    object.replace(Optional.empty(), largest);
    assertThat(object.read().orElseThrow().content()).isEqualTo(largest);
  }

  @Test
  protected void noIncrementOfManyIsLost() throws Exception {
    int threads = 4;
    int each = 10;
    try (LtxStore again = openAgain()) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        ConditionalObject object =
            (thread % 2 == 0 ? store : again).object("counter").orElseThrow();
        tasks.add(
            () -> {
              for (int i = 0; i < each; i++) {
                increment(object);
              }
              return each;
            });
      }
      inParallel(tasks);
    }
    assertThat(store.object("counter").orElseThrow().read().orElseThrow().text())
        .isEqualTo(Integer.toString(threads * each));
  }

  private static void increment(ConditionalObject object) throws IOException {
    while (true) {
      Optional<Version> seen = object.read();
      int next = seen.map(version -> Integer.parseInt(version.text())).orElse(0) + 1;
      if (object.replace(seen, utf8(Integer.toString(next))).isPresent()) {
        return;
      }
    }
  }

  @Test
  protected void aNewLeaseHasTheFirstGeneration() throws IOException {
    assertThat(Lease.read(store)).isEmpty();
    try (Lease lease = acquire("a:1")) {
      assertThat(lease.info()).isEqualTo(new LeaseInfo(1, "a:1", NOON.plus(TTL)));
      assertThat(lease.isHeld()).isTrue();
      assertThat(Lease.read(store)).contains(lease.info());
    }
  }

  @Test
  protected void theObjectHasTheFormOfLitestream() throws IOException {
    acquire("host:7");
    assertThat(store.object("lock.json").orElseThrow().read().orElseThrow().text())
        .isEqualTo(
            "{\"generation\":1,\"expires_at\":\"2026-11-25T12:00:30Z\",\"owner\":\"host:7\"}\n");
  }

  @Test
  protected void aLeaseOfLitestreamIsRespectedAndThenTaken() throws IOException {
    ConditionalObject object = store.object("lock.json").orElseThrow();
    String theirs =
        "{\"generation\": 41, \"expires_at\": \"2026-11-25T13:00:10.123456789+01:00\","
            + " \"owner\": \"go:9\"}";
    object.replace(Optional.empty(), utf8(theirs));
    assertThatThrownBy(() -> acquire("a:1"))
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageContaining("go:9");
    clock.now = NOON.plusSeconds(11);
    assertThat(acquire("a:1").info().generation()).isEqualTo(42);
  }

  @Test
  protected void aHeldLeaseNamesItsHolder() throws IOException {
    Lease first = acquire("a:1");
    assertThatThrownBy(() -> acquire("b:2"))
        .isInstanceOfSatisfying(
            LeaseHeldException.class, e -> assertThat(e.holder()).isEqualTo(first.info()))
        .hasMessageContaining("a:1")
        .hasMessageContaining("2026-11-25T12:00:30Z");
  }

  @Test
  protected void aLeaseThatIsOverIsTakenAndItsHolderLearnsByWhom() throws IOException {
    Lease first = acquire("a:1");
    clock.now = NOON.plus(TTL);
    assertThat(first.isHeld()).isFalse();
    Lease second = acquire("b:2");
    assertThat(second.info().generation()).isEqualTo(2);
    assertThatThrownBy(first::renew)
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageContaining("b:2");
    assertThatThrownBy(first::renew).isInstanceOf(IllegalStateException.class);
    first.close();
    assertThat(Lease.read(store)).contains(second.info());
  }

  @Test
  protected void aRenewedLeaseIsHeldLonger() throws IOException {
    Lease lease = acquire("a:1");
    clock.now = NOON.plusSeconds(20);
    lease.renew();
    clock.now = NOON.plusSeconds(49);
    assertThat(lease.isHeld()).isTrue();
    assertThatThrownBy(() -> acquire("b:2")).isInstanceOf(LeaseHeldException.class);
    clock.now = NOON.plusSeconds(60);
    lease.renew();
    assertThat(lease.info()).isEqualTo(new LeaseInfo(1, "a:1", NOON.plusSeconds(90)));
  }

  @Test
  protected void theGenerationGoesOnAfterARelease() throws IOException {
    for (int generation = 1; generation <= 3; generation++) {
      Lease lease = acquire("a:1");
      assertThat(lease.info().generation()).isEqualTo(generation);
      lease.close();
      assertThat(lease.isHeld()).isFalse();
      assertThatCode(lease::close).doesNotThrowAnyException();
      assertThat(Lease.read(store).orElseThrow().isExpired(clock.now)).isTrue();
    }
  }

  @Test
  protected void whatIsNotALeaseIsRefusedAndKept() throws IOException {
    ConditionalObject object = store.object("lock.json").orElseThrow();
    Optional<Version> last = Optional.empty();
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"generation\":0,\"expires_at\":\"2026-11-25T12:00:00Z\"}",
            "{\"generation\":1,\"expires_at\":\"tomorrow\"}",
            "{\"generation\":1,\"expires_at\":\"2026-11-25T12:00:00Z\"} x",
            "{\"generation\":1.5,\"expires_at\":\"2026-11-25T12:00:00Z\"}",
            "{\"generation\":99999999999999999999,\"expires_at\":\"2026-11-25T12:00:00Z\"}")) {
      last = object.replace(last, utf8(text));
      assertThatThrownBy(() -> acquire("a:1"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not a lease");
      assertThat(object.read().orElseThrow().text()).isEqualTo(text);
    }
  }

  @Test
  protected void ofManyExactlyOneTakesTheLease() throws Exception {
    int contenders = 8;
    try (LtxStore again = openAgain()) {
      for (int round = 1; round <= 10; round++) {
        CyclicBarrier barrier = new CyclicBarrier(contenders);
        List<Callable<Optional<Lease>>> tasks = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
          LtxStore mine = i % 2 == 0 ? store : again;
          String owner = "contender:" + i;
          tasks.add(() -> contend(mine, owner, barrier));
        }
        List<Lease> winners = inParallel(tasks).stream().flatMap(Optional::stream).toList();
        assertThat(winners).hasSize(1);
        assertThat(winners.get(0).info().generation()).isEqualTo(round);
        winners.get(0).close();
      }
    }
  }

  private Optional<Lease> contend(LtxStore store, String owner, CyclicBarrier barrier)
      throws Exception {
    barrier.await();
    try {
      return Optional.of(Lease.acquire(store, owner, TTL, clock));
    } catch (LeaseHeldException e) {
      return Optional.empty();
    }
  }

  private Lease acquire(String owner) throws IOException {
    return Lease.acquire(store, owner, TTL, clock);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  /** A clock that stands still until it is set. */
  private static final class ManualClock extends Clock {
    private volatile Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
