package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that both sides read, made once and kept. SQLite makes the databases, and the Go
 * implementation the LTX files.
 */
final class Data {

  private static final int PAGES_PER_DELTA = 64;
  private static final int RESTORED_DELTAS = 100;

  private final Settings settings;
  private final Path goProgram;

  Data(Settings settings, Path goProgram) {
    this.settings = settings;
    this.goProgram = goProgram;
  }

  Path database(DataSet set) throws IOException {
    Path file = settings.data.resolve(set.name() + ".db");
    if (!Files.exists(file)) {
      Files.createDirectories(settings.data);
      System.err.println("making " + file);
      try {
        DatabaseMaker.make(set, file);
      } catch (SQLException e) {
        throw new IOException("making " + file, e);
      }
    }
    return file;
  }

  Path snapshot(DataSet set) throws IOException {
    Path file = settings.data.resolve(set.name() + ".ltx");
    if (!Files.exists(file)) {
      System.err.println("making " + file);
      go("encode", database(set).toString(), file.toString());
    }
    return file;
  }

  /** Returns the deltas that follow the snapshot. */
  List<Path> deltas(DataSet set) throws IOException {
    Path folder = settings.data.resolve(set.name() + "-deltas-" + settings.deltas);
    if (!Files.exists(folder)) {
      System.err.println("making " + folder);
      Path temporary = folder.resolveSibling(folder.getFileName() + ".tmp");
      Files.createDirectories(temporary);
      String count = Integer.toString(settings.deltas);
      String pages = Integer.toString(PAGES_PER_DELTA);
      go("deltas", database(set).toString(), temporary.toString(), count, pages);
      Files.move(temporary, folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Returns a store with the snapshot and the first hundred deltas. */
  Path chain(DataSet set) throws IOException {
    Path folder = settings.data.resolve(set.name() + "-chain-" + RESTORED_DELTAS);
    if (!Files.exists(folder)) {
      Path temporary = folder.resolveSibling(folder.getFileName() + ".tmp");
      Path deltas = Files.createDirectories(temporary.resolve("ltx/0"));
      Path snapshots = Files.createDirectories(temporary.resolve("ltx/9"));
      String name = "0000000000000001-0000000000000001.ltx";
      Files.copy(snapshot(set), snapshots.resolve(name));
      for (Path delta : deltas(set).subList(0, Math.min(settings.deltas, RESTORED_DELTAS))) {
        Files.copy(delta, deltas.resolve(delta.getFileName()));
      }
      Files.move(temporary, folder);
    }
    return folder;
  }

  /** Returns the snapshot of a database of four pages. */
  Path tinySnapshot() throws IOException {
    Path file = settings.data.resolve("four-pages.ltx");
    if (!Files.exists(file)) {
      byte[] database = Files.readAllBytes(database(DataSet.main(settings.megabytes)));
      Path cut = settings.data.resolve("four-pages.db");
      Files.write(cut, Arrays.copyOf(database, 4 * 4096));
      go("encode", cut.toString(), file.toString());
    }
    return file;
  }

  private void go(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(goProgram.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(command + " ended with " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new IOException("interrupted", e);
    }
  }
}
