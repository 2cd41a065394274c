package io.github.ltxjava.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A sound file is accepted, with the layout told and untold, and read as its sidecar says, field by
 * field.
 */
final class ValidCheck implements Check {

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    String layout = json.get("layout").string();
    if (json.has("extension")
        && !implementation.extensions().contains(json.get("extension").string())) {
      return refused(vector, implementation, layout);
    }
    FileContent content = implementation.read(vector.path(), layout);
    List<String> differences = new ArrayList<>();
    compareFile(content, json, differences);
    comparePages(content, json, differences);
    if (!differences.isEmpty()) {
      throw new CheckFailure(String.join("; ", differences));
    }
    implementation.verify(vector.path(), layout);
    implementation.verify(vector.path(), null);
    return "";
  }

  /** A reader without an extension must not misread a file that uses it. */
  private static String refused(Vector vector, LtxImplementation implementation, String layout)
      throws IOException, CheckFailure {
    try {
      implementation.verify(vector.path(), layout);
    } catch (RefusedException e) {
      return "refused, without the extension";
    }
    throw new CheckFailure("accepted without the extension that it uses");
  }

  private static void compareFile(FileContent got, Json json, List<String> differences) {
    String layout = json.get("layout").string();
    boolean sameBytes =
        got.pages().isEmpty()
            && List.of("v3-frame", "v3-block").containsAll(List.of(layout, got.layout()));
    if (!sameBytes) {
      same("layout", got.layout(), layout, differences);
    }
    compareHeader(got.header(), json.get("header"), differences);
    Json trailer = json.get("trailer");
    same(
        "trailer.postApplyChecksum",
        got.trailer().postApplyChecksum(),
        trailer.get("postApplyChecksum").string(),
        differences);
    same(
        "trailer.fileChecksum",
        got.trailer().fileChecksum(),
        trailer.get("fileChecksum").string(),
        differences);
    same("fileSize", got.fileSize(), json.get("fileSize").number(), differences);
    if (json.has("indexOffset")) {
      same("indexOffset", got.indexOffset(), json.get("indexOffset").number(), differences);
      same("indexSize", got.indexSize(), json.get("indexSize").number(), differences);
    }
  }

  private static void compareHeader(FileContent.Header got, Json want, List<String> differences) {
    same("header.flags", got.flags(), want.get("flags").number(), differences);
    same("header.pageSize", got.pageSize(), want.get("pageSize").number(), differences);
    same("header.commit", got.commit(), want.get("commit").number(), differences);
    same("header.minTXID", got.minTXID(), want.get("minTXID").string(), differences);
    same("header.maxTXID", got.maxTXID(), want.get("maxTXID").string(), differences);
    same(
        "header.timestampMillis",
        got.timestampMillis(),
        want.get("timestampMillis").number(),
        differences);
    same(
        "header.preApplyChecksum",
        got.preApplyChecksum(),
        want.get("preApplyChecksum").string(),
        differences);
    same("header.walOffset", got.walOffset(), want.get("walOffset").number(), differences);
    same("header.walSize", got.walSize(), want.get("walSize").number(), differences);
    same("header.walSalt1", got.walSalt1(), want.get("walSalt1").number(), differences);
    same("header.walSalt2", got.walSalt2(), want.get("walSalt2").number(), differences);
    same("header.nodeID", got.nodeID(), want.get("nodeID").string(), differences);
  }

  private static void comparePages(FileContent got, Json json, List<String> differences) {
    same("pageCount", (long) got.pages().size(), json.get("pageCount").number(), differences);
    same("pagesSha256", got.pagesSha256(), json.get("pagesSha256").string(), differences);
    if (!differences.isEmpty()) {
      return; // A comparison page by page would only repeat it.
    }
    if (json.has("pages")) {
      int i = 0;
      for (Json want : json.get("pages").items()) {
        comparePage(got.pages().get(i++), want, differences);
      }
    }
    if (json.has("sampledPages")) {
      for (Json want : json.get("sampledPages").items()) {
        long pgno = want.get("pgno").number();
        FileContent.Page page =
            got.pages().stream().filter(p -> p.pgno() == pgno).findFirst().orElse(null);
        if (page == null) {
          differences.add("page " + pgno + " is missing");
        } else {
          comparePage(page, want, differences);
        }
      }
    }
  }

  private static void comparePage(FileContent.Page got, Json want, List<String> differences) {
    String name = "page " + want.get("pgno").number() + " ";
    same(name + "pgno", got.pgno(), want.get("pgno").number(), differences);
    same(name + "dataSha256", got.dataSha256(), want.get("dataSha256").string(), differences);
    same(name + "pageChecksum", got.pageChecksum(), want.get("pageChecksum").string(), differences);
    if (want.has("frameOffset")) {
      same(name + "frameOffset", got.frameOffset(), want.get("frameOffset").number(), differences);
      same(name + "frameSize", got.frameSize(), want.get("frameSize").number(), differences);
    }
  }

  private static void same(String field, Object got, Object want, List<String> differences) {
    if (!Objects.equals(got, want)) {
      differences.add(field + ": got " + got + ", want " + want);
    }
  }
}
