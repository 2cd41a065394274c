package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures this library beside the Go implementation; started by {@code benchmarks-jmh/run}, which
 * has built both.
 */
final class SideBySide {

  private final Settings settings;
  private final Path goProgram;
  private final Path goLtx;

  private SideBySide(Settings settings) {
    this.settings = settings;
    this.goProgram = settings.module.resolve("target/side-by-side/sidebyside");
    this.goLtx = settings.module.resolve("target/side-by-side/ltx");
  }

  public static void main(String[] args) throws IOException {
    Path module = Path.of(args[0]).toAbsolutePath().normalize();
    List<String> rest = Arrays.asList(args).subList(1, args.length);
    if (rest.contains("--help")) {
      System.out.println(Settings.USAGE);
      return;
    }
    Settings settings;
    try {
      settings = Settings.parse(module, rest);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (settings.listOnly) {
      Tasks.names(settings).forEach(System.out::println);
      return;
    }
    new SideBySide(settings).run();
  }

  private void run() throws IOException {
    String loadBefore = Machine.load();
    Data data = new Data(settings, goProgram);
    List<Task> tasks = Tasks.of(settings, data);
    List<Runner.Result> results = new ArrayList<>();
    List<String> setting = new ArrayList<>();
    try (Child go = Child.start(List.of(goProgram.toString(), "worker"), settings.javaHome);
        Child java = Child.start(javaWorker(), settings.javaHome);
        Child spawner = Child.start(List.of(goProgram.toString(), "spawner"), settings.javaHome)) {
      setting.add("Date: " + LocalDate.now(ZoneOffset.UTC) + ", " + settings.rounds + " rounds");
      setting.add("Machine: " + Machine.describe());
      String goVersion = go.ask(List.of("version"))[0];
      setting.add("Go: " + goVersion + ", github.com/superfly/ltx v0.5.3, GOMAXPROCS as it is");
      setting.add("Java: " + java.ask(List.of("version"))[0] + ", options " + javaOptions());
      Runner runner = new Runner(settings, go, java);
      for (Task task : tasks) {
        System.err.println(task.name());
        for (Runner.Result result : runner.run(task)) {
          System.err.printf("  %d: %.2f%n", result.threads(), result.ratioOfMedians());
          results.add(result);
        }
      }
      List<Commands.Result> commands =
          new Commands(settings, data, goProgram, goLtx, spawner).run();
      setting.add("Load of the machine: " + loadBefore + " before, " + Machine.load() + " after");
      setting.add(dataLine());
      String report = Report.of(setting, results, commands) + notes();
      Files.writeString(settings.output, report);
      System.out.print(report);
      System.err.println("written: " + settings.output);
    }
  }

  /** Returns what people found out about the figures, beside a report of all of them. */
  private String notes() throws IOException {
    Path notes = settings.module.resolve("notes.md");
    return settings.isWhole() && Files.exists(notes) ? Files.readString(notes) : "";
  }

  private String dataLine() {
    return "Data: databases made by SQLite from a fixed seed (text: "
        + "documents of skewed words, integers: narrow rows with indexes, blobs: random bytes); works "
        + "without a name of their own data use the first. Their LTX files are written by Go; a delta "
        + "holds 64 pages. Whole commands work on a mixture of "
        + settings.commandMegabytes
        + " MiB.";
  }

  private List<String> javaOptions() {
    List<String> options = new ArrayList<>();
    options.add("-Xmx2g");
    options.add("--enable-native-access=ALL-UNNAMED");
    options.addAll(settings.javaOptions);
    return options;
  }

  private List<String> javaWorker() {
    List<String> command = new ArrayList<>();
    command.add(settings.javaHome.resolve("bin/java").toString());
    command.addAll(javaOptions());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Worker.class.getName());
    return command;
  }
}
