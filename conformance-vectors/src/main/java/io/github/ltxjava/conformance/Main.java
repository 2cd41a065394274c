package io.github.ltxjava.conformance;

import io.github.ltxjava.conformance.CaseResult.Kind;
import io.github.ltxjava.conformance.CaseResult.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The runner as a program: holds another program against the vectors. */
public final class Main {
  private static final int SOUND = 0;
  private static final int FAILURES = 1;
  private static final int USAGE = 2;
  private static final int IO = 3;

  private static final String HELP =
      """
      Usage: ltx-conformance [--vectors DIR] [--only KIND,...] [--all] --command PROGRAM [ARG...]
             ltx-conformance --unpack DIR

      Holds an implementation of LTX against the conformance vectors. PROGRAM is called as

        PROGRAM dump --json FILE              prints the fields of a sidecar as one JSON object
        PROGRAM verify --json FILE            may print [{"findings": [{"code", "offset"}]}]
        PROGRAM merge -o OUT --to LAYOUT [--allow-gaps] [--no-checksum] FILE...
        PROGRAM apply -db DB FILE
        PROGRAM restore -o DB [--txid HEX16 | --timestamp RFC3339] DIR

      and ends with 0 (done), 1 (refused), or 64 (there is no such command here: skipped). Any other
      code fails the case.

        --vectors DIR   take the vectors from DIR, not from this program
        --only KIND     valid, invalid, merge, apply, litefs, litestream; default: all
        --all           print every case, not only what failed
        --unpack DIR    copy the vectors of this program into DIR, and do nothing else

      Example: ltx-conformance --only valid,invalid --command ./my-ltx

      Exit code: 0 all is as it must be, 1 something failed, 2 usage, 3 I/O.
      """;

  private @Nullable Path vectors;
  private Set<Kind> kinds = EnumSet.allOf(Kind.class);
  private boolean all;
  private List<String> command = List.of();

  private Main() {}

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) {
    try {
      if (args.contains("--help") && !args.contains("--command")) {
        out.print(HELP);
        return SOUND;
      }
      if (args.size() == 2 && args.get(0).equals("--unpack")) {
        Vectors.unpack(Path.of(args.get(1)));
        return SOUND;
      }
      Main main = new Main();
      main.parse(args);
      return main.hold(out);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println("Try --help.");
      return USAGE;
    } catch (IOException e) {
      err.println(e.getMessage());
      return IO;
    }
  }

  private void parse(List<String> args) {
    for (int i = 0; i < args.size() && command.isEmpty(); i++) {
      String value = i + 1 < args.size() ? args.get(i + 1) : "";
      switch (args.get(i)) {
        case "--vectors" -> {
          vectors = Path.of(required(args.get(i), value));
          i++;
        }
        case "--only" -> {
          kinds = kinds(required(args.get(i), value));
          i++;
        }
        case "--all" -> all = true;
        case "--command" -> {
          required(args.get(i), value);
          command = args.subList(i + 1, args.size());
        }
        default -> throw new IllegalArgumentException("unknown option " + args.get(i));
      }
    }
    if (command.isEmpty()) {
      throw new IllegalArgumentException("--command is missing");
    }
  }

  private static String required(String option, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(option + " wants a value");
    }
    return value;
  }

  private static Set<Kind> kinds(String names) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String name : names.split(",")) {
      try {
        kinds.add(Kind.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("unknown kind of case: " + name, e);
      }
    }
    return kinds;
  }

  private int hold(PrintStream out) throws IOException {
    Path directory = vectors;
    if (directory != null) {
      return hold(Vectors.at(directory), out);
    }
    try (Scratch scratch = new Scratch()) {
      return hold(Vectors.unpack(scratch.resolve("vectors")), out);
    }
  }

  private int hold(Vectors vectors, PrintStream out) throws IOException {
    ConformanceRunner runner =
        new ConformanceRunner(vectors, new CommandImplementation(resolved(command)));
    int failed = 0;
    for (Kind kind : kinds) {
      List<CaseResult> results = new ArrayList<>();
      runner.run(
          kind,
          result -> {
            results.add(result);
            if (all || result.outcome() == Outcome.FAILED) {
              out.println(line(result));
            }
          });
      long failures = count(results, Outcome.FAILED);
      failed += (int) failures;
      out.printf(
          Locale.ROOT,
          "%s: %d passed, %d failed, %d skipped%n",
          kind.name().toLowerCase(Locale.ROOT),
          count(results, Outcome.PASSED),
          failures,
          count(results, Outcome.SKIPPED));
    }
    return failed == 0 ? SOUND : FAILURES;
  }

  /** A program that is a path is made absolute, since a bare name is looked for in PATH only. */
  private static List<String> resolved(List<String> command) {
    List<String> resolved = new ArrayList<>(command);
    if (command.get(0).contains("/") && Files.exists(Path.of(command.get(0)))) {
      resolved.set(0, Path.of(command.get(0)).toAbsolutePath().toString());
    }
    return resolved;
  }

  private static String line(CaseResult result) {
    String message = result.message().isEmpty() ? "" : ": " + result.message();
    return result.outcome().name().toLowerCase(Locale.ROOT) + " " + result.name() + message;
  }

  private static long count(List<CaseResult> results, Outcome outcome) {
    return results.stream().filter(r -> r.outcome() == outcome).count();
  }
}
