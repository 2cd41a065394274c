package io.github.ltxjava.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Parallelism;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderedWorkTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);

  private final List<Integer> joined = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9})
  void batchesAreJoinedInTheOrderInWhichTheyWereSubmitted(int threads) throws IOException {
    run(new OrderedWork<>(new Parallelism(POOL, threads), Square::new), 1000);

    assertThat(joined).isEqualTo(squares(1000));
  }

  @Test
  void aFewBatchesServeAll() throws IOException {
    run(new OrderedWork<>(new Parallelism(POOL, 3), Square::new), 1000);

    assertThat(made.get()).isLessThanOrEqualTo(12);
  }

  @Test
  void oneThreadNeedsOneBatch() throws IOException {
    run(new OrderedWork<>(Parallelism.SEQUENTIAL, Square::new), 100);

    assertThat(joined).isEqualTo(squares(100));
    assertThat(made.get()).isEqualTo(1);
  }

  @Test
  void theCallingThreadDoesWhatAnExecutorDoesNot() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    Executor forgetting = task -> asked.incrementAndGet();
    Executor full =
        task -> {
          asked.incrementAndGet();
          throw new RejectedExecutionException("full");
        };
    Executor direct = Runnable::run;

    for (Executor executor : List.of(forgetting, full, direct)) {
      joined.clear();
      run(new OrderedWork<>(new Parallelism(executor, 3), Square::new), 100);
      assertThat(joined).isEqualTo(squares(100));
    }
    assertThat(asked.get()).as("asked as often as there are threads to get").isEqualTo(4);
  }

  @Test
  void aHelperThatComesTooLateFindsNothingToDo() throws IOException {
    List<Runnable> tasks = new ArrayList<>();
    run(new OrderedWork<>(new Parallelism(tasks::add, 2), Square::new), 50);

    tasks.forEach(Runnable::run);

    assertThat(joined).isEqualTo(squares(50));
  }

  @Test
  void theFirstFailureInOrderIsThrownEvenIfALaterOneCameSooner() throws Exception {
    CountDownLatch laterFailed = new CountDownLatch(1);
    OrderedWork<Task> work = new OrderedWork<>(new Parallelism(POOL, 2), Task::new);
    submit(
        work,
        () -> {
          await(laterFailed);
          throw new IOException("first");
        });
    submit(
        work,
        () -> {
          laterFailed.countDown();
          throw new IOException("second");
        });

    assertThatThrownBy(work::finish).isInstanceOf(IOException.class).hasMessage("first");
    work.abandon();
  }

  @Test
  void aFailureOfAnyKindReachesTheCallingThread() throws IOException {
    for (Parallelism parallelism :
        List.of(Parallelism.SEQUENTIAL, new Parallelism(POOL, 2), new Parallelism(t -> {}, 2))) {
      OrderedWork<Task> work = new OrderedWork<>(parallelism, Task::new);
      submit(
          work,
          () -> {
            throw new StackOverflowError("deep");
          });

      assertThatThrownBy(work::finish).isInstanceOf(StackOverflowError.class).hasMessage("deep");
      work.abandon();
    }
  }

  @Test
  void abandoningWaitsForWhatIsAtWorkAndStartsNothingElse() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean other = new AtomicBoolean();
    OrderedWork<Task> work = new OrderedWork<>(new Parallelism(POOL, 2), Task::new);
    submit(
        work,
        () -> {
          started.countDown();
          await(release);
          ended.set(true);
        });
    await(started);
    submit(work, () -> other.set(true));
    POOL.execute(release::countDown);

    work.abandon();

    assertThat(ended).isTrue();
    // The helper either took the other before it was withdrawn, or nobody did.
    boolean taken = other.get();
    work.finish();
    assertThat(other.get()).isEqualTo(taken);
  }

  private static void run(OrderedWork<Square> work, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      work.next().number = i;
      work.submit();
    }
    work.finish();
  }

  private static List<Integer> squares(int count) {
    return IntStream.range(0, count).map(i -> i * i).boxed().toList();
  }

  private static void submit(OrderedWork<Task> work, SharedTask.Work what) throws IOException {
    work.next().what = what;
    work.submit();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private final class Square implements OrderedWork.Batch {
    private int number;
    private int square;

    Square() {
      made.incrementAndGet();
    }

    @Override
    public void work() {
      square = number * number;
    }

    @Override
    public void join() {
      joined.add(square);
    }
  }

  private static final class Task implements OrderedWork.Batch {
    private SharedTask.Work what = () -> {};

    @Override
    public void work() throws IOException {
      what.run();
    }

    @Override
    public void join() {
      // The work is all.
    }
  }
}
