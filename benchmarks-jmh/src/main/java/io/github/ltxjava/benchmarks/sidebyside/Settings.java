package io.github.ltxjava.benchmarks.sidebyside;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the command line says; {@code benchmarks-jmh/run} passes it on. */
final class Settings {

  static final String USAGE =
      """
      Usage: benchmarks-jmh/run [options]
        --quick               small data, few rounds: shows that it works, measures nothing
        --rounds N            how often each side does each work; default 11
        --only A,B            only works whose name contains one of these
        --list                only list the works
        --data FOLDER         where databases are made and kept; default benchmarks-jmh/target/data
        --memory FOLDER       where whole commands work; default /dev/shm, if it is there
        --java-home FOLDER    the JDK of the Java side; default the one that runs this
        --java-options "..."  more options of the Java side
        --output FILE         default benchmarks-jmh/RESULTS.md, or with --quick or --only
                              benchmarks-jmh/target/RESULTS.md\
      """;

  boolean quick;
  boolean listOnly;
  int rounds = 11;
  double warmUpSeconds = 4;
  int megabytes = 256;
  int commandMegabytes = 512;
  int deltas = 256;
  List<String> only = List.of();
  Path data;
  Path memory;
  Path javaHome = Path.of(System.getProperty("java.home"));
  List<String> javaOptions = List.of();
  Path output;
  final Path module;

  private Settings(Path module) {
    this.module = module;
    this.data = module.resolve("target/data");
    Path shared = Path.of("/dev/shm");
    this.memory = Files.isWritable(shared) ? shared : module.resolve("target");
  }

  static Settings parse(Path module, List<String> arguments) {
    Settings settings = new Settings(module);
    List<String> rest = new ArrayList<>(arguments);
    while (!rest.isEmpty()) {
      String option = rest.remove(0);
      switch (option) {
        case "--quick" -> settings.beQuick();
        case "--list" -> settings.listOnly = true;
        case "--rounds" -> settings.rounds = Integer.parseInt(value(option, rest));
        case "--only" -> settings.only = List.of(value(option, rest).split(",", -1));
        case "--data" -> settings.data = Path.of(value(option, rest)).toAbsolutePath();
        case "--memory" -> settings.memory = Path.of(value(option, rest)).toAbsolutePath();
        case "--java-home" -> settings.javaHome = Path.of(value(option, rest));
        case "--java-options" -> settings.javaOptions = List.of(value(option, rest).split(" ", -1));
        case "--output" -> settings.output = Path.of(value(option, rest)).toAbsolutePath();
        default -> throw new IllegalArgumentException("unknown option " + option + "\n" + USAGE);
      }
    }
    if (settings.output == null) {
      settings.output = module.resolve(settings.isWhole() ? "RESULTS.md" : "target/RESULTS.md");
    }
    return settings;
  }

  /** Tells whether all works are measured on all data. */
  boolean isWhole() {
    return !quick && only.isEmpty();
  }

  private static String value(String option, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
    }
    return rest.remove(0);
  }

  private void beQuick() {
    quick = true;
    rounds = 3;
    warmUpSeconds = 0.5;
    megabytes = 16;
    commandMegabytes = 16;
  }

  boolean wants(String name) {
    return only.isEmpty() || only.stream().anyMatch(name::contains);
  }
}
