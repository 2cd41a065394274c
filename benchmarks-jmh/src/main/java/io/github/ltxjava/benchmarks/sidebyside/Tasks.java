package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The works of the table of demands, each with its data. */
final class Tasks {

  private static final double[] NO_BARS = {0, 0};

  private final Settings settings;
  private final Data data;
  private final List<Task> tasks = new ArrayList<>();

  private Tasks(Settings settings, Data data) {
    this.settings = settings;
    this.data = data;
  }

  /** Returns those that are wanted; makes their data. */
  static List<Task> of(Settings settings, Data data) throws IOException {
    Tasks tasks = new Tasks(settings, data);
    for (DataSet set : DataSet.all(settings.megabytes)) {
      tasks.perDataSet(set);
    }
    tasks.onMainData(DataSet.main(settings.megabytes));
    return tasks.tasks;
  }

  static List<String> names(Settings settings) {
    List<String> names = new ArrayList<>();
    for (DataSet set : DataSet.all(settings.megabytes)) {
      names.add("encode " + set.title());
      names.add("decode " + set.title());
    }
    names.addAll(
        List.of(
            "decode-delta",
            "checksum",
            "merge-deltas",
            "merge-snapshot",
            "open-index",
            "random-read"));
    names.addAll(List.of("restore"));
    names.addAll(Commands.NAMES);
    return names;
  }

  private interface Maker {
    Task make() throws IOException;
  }

  private void add(String name, Maker maker) throws IOException {
    if (settings.wants(name)) {
      tasks.add(maker.make());
    }
  }

  private void perDataSet(DataSet set) throws IOException {
    // The demands are made on the main data; the others show that it is no special case.
    boolean main = set.equals(DataSet.main(settings.megabytes));
    String encode = "encode " + set.title();
    add(
        encode,
        () -> {
          String file = data.database(set).toString();
          double[] bars = main ? new double[] {2.5, 4.5} : NO_BARS;
          return task(set, encode, "encode", List.of(file), bars, List.of("lz4-compress", file));
        });
    String decode = "decode " + set.title();
    add(
        decode,
        () -> {
          String file = data.snapshot(set).toString();
          double[] bars = main ? new double[] {4, 7} : NO_BARS;
          return task(set, decode, "decode", List.of(file), bars, List.of("lz4-decompress", file));
        });
  }

  private void onMainData(DataSet set) throws IOException {
    add(
        "decode-delta",
        () -> {
          String file = data.deltas(set).get(0).toString();
          List<String> bound = List.of("lz4-decompress", file);
          return task("decode-delta", "decode", List.of(file), set, 64, NO_BARS, bound);
        });
    add(
        "checksum",
        () -> {
          String file = data.database(set).toString();
          double[] bars = {4, 3.5};
          List<String> bound = List.of("file-read", file);
          long pages = Files.size(Path.of(file)) / set.pageSize();
          long bytes = pages * set.pageSize();
          return new Task("checksum", "checksum", List.of(file), bytes, pages, true, bars, bound);
        });
    List<String> none = List.of();
    add(
        "merge-deltas",
        () -> {
          List<String> files = strings(data.deltas(set));
          double[] bars = {8, 12};
          return task("merge-deltas", "merge", files, set, 64L * files.size(), bars, none);
        });
    add(
        "merge-snapshot",
        () -> {
          List<String> files = new ArrayList<>(List.of(data.snapshot(set).toString()));
          files.addAll(strings(data.deltas(set)));
          double[] bars = {8, 12};
          List<String> bound = List.of("lz4-decompress", files.get(0));
          long pages = pages(set) + 64L * (files.size() - 1);
          return task("merge-snapshot", "merge", files, set, pages, bars, bound);
        });
    add(
        "open-index",
        () -> readAtRandom(set, "open-index", "open", pages(set), new double[] {8, 0}));
    add("random-read", () -> readAtRandom(set, "random-read", "pages", 1000, new double[] {3, 6}));
    add("restore", () -> restore(set));
  }

  private Task readAtRandom(DataSet set, String name, String work, long pages, double[] bars)
      throws IOException {
    List<String> file = List.of(data.snapshot(set).toString());
    return task(name, work, file, set, pages, bars, List.of());
  }

  private Task restore(DataSet set) throws IOException {
    String database = data.database(set).toString();
    Path target = settings.memory.resolve("ltx-java-restored.db");
    target.toFile().deleteOnExit();
    List<String> arguments = List.of(data.chain(set).toString(), target.toString());
    List<String> bound = List.of("file-write", target + ".bound", database);
    Path.of(target + ".bound").toFile().deleteOnExit();
    return task("restore", "restore", arguments, set, pages(set), new double[] {3, 5}, bound);
  }

  private long pages(DataSet set) throws IOException {
    return Files.size(data.database(set)) / set.pageSize();
  }

  private Task task(
      DataSet set,
      String name,
      String work,
      List<String> arguments,
      double[] bars,
      List<String> bound)
      throws IOException {
    return task(name, work, arguments, set, pages(set), bars, bound);
  }

  private static Task task(
      String name,
      String work,
      List<String> arguments,
      DataSet set,
      long pages,
      double[] bars,
      List<String> bound) {
    return new Task(name, work, arguments, pages * set.pageSize(), pages, false, bars, bound);
  }

  private static List<String> strings(List<Path> paths) {
    return paths.stream().map(Path::toString).toList();
  }
}
