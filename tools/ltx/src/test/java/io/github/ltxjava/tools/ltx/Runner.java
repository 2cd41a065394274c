package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.Ran;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands as a shell would, with streams and an environment that a test controls. */
final class Runner {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Session session;

  private Runner(boolean onTerminal, Map<String, String> environment, Cancellation cancellation) {
    PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    session =
        new Session(
            new Terminal(out, new Output(out), errStream, onTerminal, onTerminal, environment),
            cancellation);
  }

  private Ran go(List<?> args) {
    int code = Ltx.run(args.stream().map(Object::toString).toArray(String[]::new), session);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs with redirected streams. */
  static Ran run(Object... args) {
    return run(List.of(args));
  }

  /** Runs with redirected streams. */
  static Ran run(List<?> args) {
    return new Runner(false, Map.of(), Cancellation.none()).go(args);
  }

  /** Runs a command and its options on files. */
  static Ran runOn(List<?> files, Object... first) {
    List<Object> all = new ArrayList<>(List.of(first));
    all.addAll(files);
    return run(all);
  }

  /** Runs and returns the bytes of the standard output. */
  static byte[] bytes(Object... args) {
    Runner runner = new Runner(false, Map.of(), Cancellation.none());
    runner.go(List.of(args));
    return runner.out.toByteArray();
  }

  /** Runs on a terminal. */
  static Ran onTerminal(Map<String, String> environment, Object... args) {
    return new Runner(true, environment, Cancellation.none()).go(List.of(args));
  }

  /** Runs under a cancellation. */
  static Ran cancellable(Cancellation cancellation, Object... args) {
    return new Runner(false, Map.of(), cancellation).go(List.of(args));
  }
}
