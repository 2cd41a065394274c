package io.github.ltxjava.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The modules and the only dependencies they may have on each other, as ARCHITECTURE.md shows them.
 * The order is that of the table: an arrow points up in this list, which is down in the
 * architecture.
 */
final class ModuleMap {
  /** A module that users depend on or a tool that they run. */
  record Module(String folder, boolean library, Set<String> mayUse) {
    String artifact() {
      return folder.substring(folder.lastIndexOf('/') + 1);
    }

    Path classes() {
      return Repository.root().resolve(folder).resolve("target/classes");
    }
  }

  private static final Map<String, Module> MODULES = new LinkedHashMap<>();

  static {
    library("ltx-java");
    library("ltx-store", "ltx-java");
    library("ltx-index", "ltx-java", "ltx-store");
    library("ltx-compaction", "ltx-java", "ltx-store", "ltx-index");
    library("ltx-sqlite", "ltx-java");
    library("ltx-digest", "ltx-java");
    library("adapters/ltx-store-s3", "ltx-java", "ltx-store");
    library(
        "replication/ltx-replica",
        "ltx-java",
        "ltx-store",
        "ltx-index",
        "ltx-compaction",
        "ltx-sqlite");
    library(
        "replication/ltx-generations",
        "ltx-java",
        "ltx-store",
        "ltx-index",
        "ltx-compaction",
        "ltx-sqlite");
    tool("tools/ltx-cli", "ltx-java");
    tool("tools/ltx-dump", "ltx-java", "ltx-cli");
    tool("tools/ltx-verify", "ltx-java", "ltx-digest", "ltx-cli");
    tool(
        "tools/ltx",
        "ltx-java",
        "ltx-store",
        "ltx-index",
        "ltx-compaction",
        "ltx-sqlite",
        "ltx-store-s3",
        "ltx-replica",
        "ltx-digest",
        "ltx-generations",
        "ltx-cli",
        "ltx-dump",
        "ltx-verify");
  }

  private ModuleMap() {}

  static List<Module> all() {
    return new ArrayList<>(MODULES.values());
  }

  static List<Module> libraries() {
    return MODULES.values().stream().filter(Module::library).toList();
  }

  private static void library(String folder, String... mayUse) {
    add(new Module(folder, true, Set.of(mayUse)));
  }

  private static void tool(String folder, String... mayUse) {
    add(new Module(folder, false, Set.of(mayUse)));
  }

  private static void add(Module module) {
    for (String used : module.mayUse()) {
      if (!MODULES.containsKey(used)) {
        throw new IllegalStateException(
            module.artifact() + " may use only what stands above it: " + used);
      }
    }
    MODULES.put(module.artifact(), module);
  }
}
