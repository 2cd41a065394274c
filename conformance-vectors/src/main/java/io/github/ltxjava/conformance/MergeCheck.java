package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Merging does what the sidecar expects: {@code same-bytes} and {@code same-content} as the
 * reference, {@code refuse}, {@code law} (refuse, or keep the law of merging where the reference
 * breaks it) or {@code either}. Whatever is merged must keep the law: the pages are those that are
 * left when the inputs are applied one by one.
 */
final class MergeCheck implements Check {
  private static final int NO_CHECKSUM = 2;

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    String expect = json.get("expect").string();
    LtxImplementation.Merge merge = merge(vector, scratch.resolve("out.ltx"));
    try {
      implementation.merge(merge);
    } catch (RefusedException e) {
      if (Files.exists(merge.output())) {
        throw new CheckFailure("refused, but left an output");
      }
      if (expect.startsWith("same")) {
        throw e;
      }
      return expect.equals("refuse") ? "" : "refused: " + e.getMessage();
    }
    if (expect.equals("refuse")) {
      throw new CheckFailure("accepted: " + json.get("rule").string());
    }
    compare(json, expect, merge, implementation);
    return expect.startsWith("same") ? "" : "accepted";
  }

  private static LtxImplementation.Merge merge(Vector vector, Path output) {
    Json json = vector.json();
    Json options = json.get("options");
    List<Path> inputs = new ArrayList<>();
    for (Json input : json.get("inputs").items()) {
      inputs.add(vector.path().resolve(input.get("file").string()));
    }
    return new LtxImplementation.Merge(
        List.copyOf(inputs),
        json.get("layout").string(),
        options.get("allowNonContiguousTXIDs").flag(),
        (options.get("headerFlags").number() & NO_CHECKSUM) != 0,
        output);
  }

  private static void compare(
      Json json, String expect, LtxImplementation.Merge merge, LtxImplementation implementation)
      throws IOException, RefusedException, CheckFailure {
    FileContent got = implementation.read(merge.output(), merge.layout());
    if (expect.startsWith("same")) {
      Json want = json.get("output");
      if (!got.pagesSha256().equals(want.get("pagesSha256").string())) {
        throw new CheckFailure("other pages than the reference");
      }
      String hash = Hashes.sha256(merge.output());
      if (expect.equals("same-bytes") && !hash.equals(want.get("fileSha256").string())) {
        throw new CheckFailure("the reference's pages, but other bytes");
      }
    }
    keepsTheLaw(got, json, merge, implementation);
  }

  private static void keepsTheLaw(
      FileContent got, Json json, LtxImplementation.Merge merge, LtxImplementation implementation)
      throws IOException, RefusedException, CheckFailure {
    NavigableMap<Long, String> left = new TreeMap<>();
    SortedSet<Long> cutOff = new TreeSet<>();
    String zeros = zeroPage((int) got.header().pageSize());
    List<Json> inputs = json.get("inputs").items();
    for (int i = 0; i < inputs.size(); i++) {
      FileContent input =
          implementation.read(merge.inputs().get(i), inputs.get(i).get("layout").string());
      NavigableMap<Long, String> above = left.tailMap(input.header().commit(), false);
      cutOff.addAll(above.keySet());
      above.clear();
      for (FileContent.Page page : input.pages()) {
        left.put(page.pgno(), page.dataSha256());
        cutOff.remove(page.pgno());
      }
    }
    // A page that was cut off, and over which the database grew again without it, is all zeros.
    cutOff.headSet(got.header().commit() + 1).forEach(pgno -> left.put(pgno, zeros));
    for (FileContent.Page page : got.pages()) {
      String want = left.remove(page.pgno());
      if (!page.dataSha256().equals(want)) {
        throw new CheckFailure("page " + page.pgno() + " is not what the inputs leave there");
      }
    }
    if (!left.isEmpty()) {
      throw new CheckFailure("pages " + left.keySet() + " are missing");
    }
  }

  private static String zeroPage(int pageSize) {
    FileContent.Pages pages = new FileContent.Pages();
    pages.add(1, -1, -1, ByteBuffer.allocate(pageSize));
    return pages.list().get(0).dataSha256();
  }
}
