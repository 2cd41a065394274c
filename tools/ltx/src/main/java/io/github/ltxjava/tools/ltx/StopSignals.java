package io.github.ltxjava.tools.ltx;

import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Takes the first signal that asks the process to end as a request to a command that runs until
 * then, which so can finish in its own time and set the exit code: a process that ends within a
 * shutdown hook cannot. The second signal does what signals do otherwise.
 *
 * <p>The JDK offers signals under {@code sun.misc} alone, which compilers warn of, so that they are
 * found by reflection. Without them a shutdown hook interrupts the command, see {@link
 * Cancellation}.
 */
final class StopSignals implements AutoCloseable {

  private static final List<String> NAMES = List.of("INT", "TERM");

  private final CountDownLatch asked = new CountDownLatch(1);
  private final Map<String, Object> previous = new LinkedHashMap<>();

  /** Watches until it is closed. */
  static StopSignals watch() {
    StopSignals signals = new StopSignals();
    synchronized (signals.previous) {
      for (String name : NAMES) {
        if (!signals.take(name)) {
          return signals;
        }
      }
    }
    return signals;
  }

  private boolean take(String name) {
    try {
      previous.put(name, handle(name, handler()));
      return true;
    } catch (ReflectiveOperationException e) {
      // Another runtime, or one told to leave signals alone; the hook is there.
      return false;
    }
  }

  private Object handler() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.SignalHandler");
    return Proxy.newProxyInstance(
        StopSignals.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
          }
          close();
          stop();
          return null;
        });
  }

  /** Sets who handles a signal, and returns who did. */
  private static Object handle(String name, Object handler) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    return signal
        .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }

  /** Asks the command to finish. */
  void stop() {
    asked.countDown();
  }

  /** Waits for a signal, for {@link #stop}, or for the thread to be interrupted. */
  void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      // The same wish, by another way; what is left to do must not be interrupted by it.
      stop();
    }
  }

  /** Gives the signals back. */
  @Override
  public void close() {
    synchronized (previous) {
      for (Map.Entry<String, Object> entry : previous.entrySet()) {
        try {
          handle(entry.getKey(), entry.getValue());
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("a signal that was handled cannot be any more", e);
        }
      }
      previous.clear();
    }
  }
}
