package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder with the files that the examples of the help texts name. */
record ExampleScene(Path folder) {

  private static final Map<String, String> FILES =
      Map.of(
          "1.ltx", "v3-block/chain3-1",
          "2.ltx", "v3-block/chain3-2",
          "3.ltx", "v3-block/chain3-3",
          "0000000000000001-0000000000000001.ltx", "v3-block/chain3-1",
          "snapshot.ltx", "v3-block/snapshot-10p-mixed-4096",
          "from-litestream.ltx", "v3-block/snapshot-10p-mixed-4096",
          "before.ltx", "v3-block/snapshot-10p-mixed-4096",
          "after.ltx", "v3-frame/snapshot-10p-mixed-4096");
  private static final Set<String> OUTPUTS =
      Set.of(
          "1-3.ltx", "for-litefs.ltx", "page-1", "app.ltx", "restored.db", "replayed.db", "backup");

  static ExampleScene in(Path folder) throws IOException {
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      Files.copy(TestVectors.valid(file.getValue()), folder.resolve(file.getKey()));
    }
    Databases.small(folder.resolve("app.db"));
    Path level = Files.createDirectories(folder.resolve("replica/ltx/0"));
    Files.copy(
        TestVectors.valid("v3-block/chain3-1"),
        level.resolve("0000000000000001-0000000000000001.ltx"));
    return new ExampleScene(folder);
  }

  /** The words of an example, with its files in the folder. */
  List<String> resolve(String example) {
    List<String> words = new ArrayList<>();
    for (String word : example.strip().split(" ")) {
      boolean file = OUTPUTS.contains(word) || Files.exists(folder.resolve(word));
      words.add(file ? folder.resolve(word).toString() : word);
    }
    return words;
  }
}
