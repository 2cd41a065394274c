package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole commands beside whole commands, on files in memory. */
final class Commands {

  static final List<String> NAMES =
      List.of(
          "command encode-db",
          "command apply",
          "command verify",
          "command checksum",
          "command merge",
          "command start-up");

  private final Settings settings;
  private final Data data;
  private final Path goProgram;
  private final Path goLtx;
  private final Child spawner;

  Commands(Settings settings, Data data, Path goProgram, Path goLtx, Child spawner) {
    this.settings = settings;
    this.data = data;
    this.goProgram = goProgram;
    this.goLtx = goLtx;
    this.spawner = spawner;
  }

  /**
   * A command of both sides.
   *
   * @param output deleted before each run; null if there is none
   * @param bar what the ratio has to reach
   */
  private record Pair(String name, List<String> go, List<String> java, Path output, double bar) {}

  /**
   * What came of it.
   *
   * @param go the reference: Go's command, or for start-up an empty Java program
   * @param failure why there are no times; null if there are
   */
  record Result(String name, Sample go, Sample java, double bar, String failure) {}

  List<Result> run() throws IOException {
    List<Result> results = new ArrayList<>();
    if (NAMES.stream().noneMatch(settings::wants)) {
      return results;
    }
    Path folder = Files.createTempDirectory(settings.memory, "ltx-java-commands-");
    try {
      for (Pair pair : pairs(folder)) {
        if (settings.wants(pair.name())) {
          System.err.println(pair.name());
          results.add(measure(pair, settings.rounds));
        }
      }
      if (settings.wants("command start-up")) {
        System.err.println("command start-up");
        results.add(measure(startUp(folder), 3 * settings.rounds));
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    return results;
  }

  private List<Pair> pairs(Path folder) throws IOException {
    DataSet set = DataSet.ofCommands(settings.commandMegabytes);
    String database = copy(data.database(set), folder);
    String snapshot = copy(data.snapshot(set), folder);
    List<String> chain = new ArrayList<>(List.of(snapshot));
    for (Path delta : data.deltas(set)) {
      chain.add(copy(delta, folder));
    }
    String ltx = goLtx.toString();
    String ours = settings.module.resolve("../bin/ltx").normalize().toString();
    Path out = folder.resolve("out");
    String target = out.toString();
    List<Pair> pairs = new ArrayList<>();
    pairs.add(
        new Pair(
            "command encode-db",
            List.of(ltx, "encode-db", "-o", target, database),
            List.of(ours, "encode-db", "-o", target, database),
            out,
            2.5));
    pairs.add(
        new Pair(
            "command apply",
            List.of(ltx, "apply", "-db", target, snapshot),
            List.of(ours, "apply", "-db", target, snapshot),
            out,
            2));
    pairs.add(
        new Pair(
            "command verify",
            List.of(ltx, "verify", snapshot),
            List.of(ours, "verify", snapshot),
            null,
            3));
    pairs.add(
        new Pair(
            "command checksum",
            List.of(ltx, "checksum", database),
            List.of(ours, "checksum", database),
            null,
            2.5));
    List<String> goMerge = new ArrayList<>(List.of(goProgram.toString(), "merge", target));
    goMerge.addAll(chain);
    List<String> javaMerge = new ArrayList<>(List.of(ours, "merge", "-o", target));
    javaMerge.addAll(chain);
    pairs.add(new Pair("command merge", goMerge, javaMerge, out, 5));
    return pairs;
  }

  private static String copy(Path file, Path folder) throws IOException {
    return Files.copy(file, folder.resolve(file.getFileName())).toString();
  }

  /** The flags are those of bin/launch.sh, but for the tool's own archive. */
  private Pair startUp(Path folder) throws IOException {
    String file = copy(data.tinySnapshot(), folder);
    String dump = settings.module.resolve("../bin/ltx-dump").normalize().toString();
    List<String> empty =
        List.of(
            settings.javaHome.resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xlog:disable",
            "-cp",
            settings.module.resolve("target/classes").toString(),
            Empty.class.getName());
    return new Pair("command start-up", empty, List.of(dump, file), null, 2.5);
  }

  private Result measure(Pair pair, int rounds) throws IOException {
    Sample theirs = new Sample();
    Sample ours = new Sample();
    try {
      spawn(pair.go(), pair.output(), new Sample());
      spawn(pair.java(), pair.output(), new Sample());
      for (int round = 0; round < rounds; round++) {
        spawn(pair.go(), pair.output(), theirs);
        spawn(pair.java(), pair.output(), ours);
      }
    } catch (IOException e) {
      return new Result(pair.name(), theirs, ours, pair.bar(), e.getMessage());
    }
    return new Result(pair.name(), theirs, ours, pair.bar(), null);
  }

  private void spawn(List<String> command, Path output, Sample sample) throws IOException {
    if (output != null) {
      Files.deleteIfExists(output);
    }
    String[] answer = spawner.ask(command);
    sample.add(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
    sample.peakKilobytes = Math.max(sample.peakKilobytes, Long.parseLong(answer[2]));
    if (output != null) {
      sample.size = Files.size(output);
    }
  }
}
