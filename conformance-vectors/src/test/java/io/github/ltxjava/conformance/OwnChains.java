package io.github.ltxjava.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * Chains of files in which a database shrinks and grows over the cut without holding the pages
 * between.
 */
final class OwnChains {
  private static final int PAGE_SIZE = 1024;
  private static final List<String> LAYOUTS =
      List.of("v1-raw", "v1-lz4", "v2", "v3-frame", "v3-block");

  private final OwnVectors vectors;

  OwnChains(OwnVectors vectors) {
    this.vectors = vectors;
  }

  void generate() throws IOException {
    for (String layout : LAYOUTS) {
      Random random = new Random(11);
      List<Content> chain = new ArrayList<>();
      List<byte[]> databases = new ArrayList<>();
      NavigableMap<Long, byte[]> state = new TreeMap<>();
      step(chain, databases, state, layout, 8, List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), random);
      step(chain, databases, state, layout, 3, List.of(2L), random);
      step(chain, databases, state, layout, 8, List.of(1L, 5L), random);
      apply(layout, chain, databases);
      merge(layout, chain);
    }
  }

  /** Adds the next file of a chain: a new commit and some new pages on the state before. */
  private static void step(
      List<Content> chain,
      List<byte[]> databases,
      NavigableMap<Long, byte[]> state,
      String layout,
      long commit,
      List<Long> changed,
      Random random) {
    long flags = layout.equals("v1-lz4") ? Content.COMPRESSED : 0;
    Content content = OwnVectors.content(chain.size() + 1, flags, commit, PAGE_SIZE);
    content.putHex("preApplyChecksum", chain.isEmpty() ? 0 : Content.checksum(state));
    state.tailMap(commit, false).clear();
    for (long number : changed) {
      content.pages.put(number, OwnVectors.page(random, PAGE_SIZE, (int) number % 3));
    }
    state.putAll(content.pages);
    ByteArrayOutputStream database = new ByteArrayOutputStream();
    for (long number = 1; number <= commit; number++) {
      database.writeBytes(state.computeIfAbsent(number, n -> new byte[PAGE_SIZE]));
    }
    content.putHex("postApplyChecksum", Content.checksum(state));
    chain.add(content);
    databases.add(database.toByteArray());
  }

  private static byte[] file(String layout, Content content) {
    Forge forge = new Forge(layout, content);
    switch (layout) {
      case "v1-raw" -> content.pages.forEach((number, page) -> forge.frame(number, page, page));
      case "v1-lz4" -> forge.compressedBlock(content, new Lz4Forge.Frame());
      case "v3-block" ->
          content.pages.forEach(
              (number, page) -> forge.sized(number, 1, Lz4Forge.block(page), page));
      default ->
          content.pages.forEach((number, page) -> forge.frame(number, Lz4Forge.frame(page), page));
    }
    if (!layout.equals("v1-lz4")) {
      forge.endMarker();
    }
    if (!layout.startsWith("v1")) {
      forge.index();
    }
    return forge.trailer(content.hex("postApplyChecksum")).bytes();
  }

  private void apply(String layout, List<Content> chain, List<byte[]> databases)
      throws IOException {
    String name = "regrowth-without-pages";
    Map<String, Object> json =
        OwnVectors.sidecar(
            name,
            "The database shrinks from 8 to 3 pages and grows to 8 again with page 5 alone: 4, 6, 7 and 8 are zeros.",
            layout);
    json.put("expect", "accept");
    List<Map<String, Object>> steps = new ArrayList<>();
    for (int i = 0; i < chain.size(); i++) {
      byte[] file = file(layout, chain.get(i));
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("file", (i + 1) + ".ltx");
      OwnVectors.file(step, file);
      step.put("databaseSizeAfter", databases.get(i).length);
      step.put("databaseSha256After", OwnVectors.sha256(databases.get(i)));
      step.put("databaseChecksumAfter", chain.get(i).fields.get("postApplyChecksum"));
      steps.add(step);
      vectors.write("apply/" + layout + "/" + name + "/" + (i + 1) + ".ltx", file);
    }
    json.put("steps", steps);
    write("apply/" + layout + "/" + name, json);
  }

  private void merge(String layout, List<Content> chain) throws IOException {
    String name = "stale-pages-after-regrowth-snapshot";
    Map<String, Object> json =
        OwnVectors.sidecar(
            name,
            "A snapshot of 8 pages, a cut to 3, growth to 8 with page 5 alone: the merged snapshot has zeros for 4, 6, 7 and 8.",
            layout);
    json.put("expect", "law");
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("headerFlags", layout.equals("v1-lz4") ? 1 : 0);
    options.put("allowNonContiguousTXIDs", false);
    json.put("options", options);
    List<Map<String, Object>> inputs = new ArrayList<>();
    for (int i = 0; i < chain.size(); i++) {
      byte[] file = file(layout, chain.get(i));
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("file", "in-" + (i + 1) + ".ltx");
      input.put("layout", layout);
      OwnVectors.file(input, file);
      inputs.add(input);
      vectors.write("merge/" + layout + "/" + name + "/in-" + (i + 1) + ".ltx", file);
    }
    json.put("inputs", inputs);
    write("merge/" + layout + "/" + name, json);
  }

  private void write(String directory, Map<String, Object> json) throws IOException {
    byte[] text = JsonText.print(json).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    vectors.write(directory + "/case.json", text);
  }
}
