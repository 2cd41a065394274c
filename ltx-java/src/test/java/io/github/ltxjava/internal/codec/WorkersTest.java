package io.github.ltxjava.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Parallelism;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {

  @Test
  void aHelperHasEndedWhenTheExecutorBreaksAfterItHasStarted() {
    Thread caller = Thread.currentThread();
    AtomicBoolean started = new AtomicBoolean();
    AtomicBoolean returned = new AtomicBoolean();
    AtomicBoolean endedBefore = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    Executor executor =
        task -> {
          if (calls.getAndIncrement() == 0) {
            new Thread(task).start();
            return;
          }
          while (!started.get()) {
            Thread.onSpinWait();
          }
          throw new IllegalStateException("broken");
        };

    assertThatThrownBy(
            () ->
                Workers.run(
                    new Parallelism(executor, 3),
                    () -> {
                      if (Thread.currentThread() == caller) {
                        return;
                      }
                      started.set(true);
                      while (!returned.get() && caller.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                      }
                      endedBefore.set(!returned.get());
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("broken");
    boolean ended = endedBefore.get();
    returned.set(true);

    assertThat(ended).isTrue();
  }
}
