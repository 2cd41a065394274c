package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The library as a program that the runner can call; it has no {@code apply} and no {@code
 * restore}.
 */
final class SampleProgram {
  private static final int NOT_SUPPORTED = 64;

  private SampleProgram() {}

  public static void main(String[] args) throws IOException {
    LtxJavaImplementation library = new LtxJavaImplementation();
    try {
      switch (args[0]) {
        case "dump" -> System.out.print(json(library.read(Path.of(args[2]), null)));
        case "verify" -> library.verify(Path.of(args[2]), null);
        case "merge" -> merge(library, List.of(args));
        default -> System.exit(NOT_SUPPORTED);
      }
    } catch (RefusedException e) {
      System.err.println(e.getMessage());
      List<Map<String, Object>> findings = new ArrayList<>();
      for (Finding finding : e.findings()) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("code", finding.code());
        entry.put("offset", finding.offset());
        findings.add(entry);
      }
      System.out.print("[" + JsonText.print(Map.of("findings", findings)) + "]");
      System.exit(1);
    }
  }

  private static void merge(LtxJavaImplementation library, List<String> args)
      throws IOException, RefusedException {
    int options =
        5 + (args.contains("--allow-gaps") ? 1 : 0) + (args.contains("--no-checksum") ? 1 : 0);
    library.merge(
        new LtxImplementation.Merge(
            args.subList(options, args.size()).stream().map(Path::of).toList(),
            args.get(4),
            args.contains("--allow-gaps"),
            args.contains("--no-checksum"),
            Path.of(args.get(2))));
  }

  private static String json(FileContent content) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layout", content.layout());
    FileContent.Header h = content.header();
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("flags", h.flags());
    header.put("pageSize", h.pageSize());
    header.put("commit", h.commit());
    header.put("minTXID", h.minTXID());
    header.put("maxTXID", h.maxTXID());
    header.put("timestampMillis", h.timestampMillis());
    header.put("preApplyChecksum", h.preApplyChecksum());
    header.put("walOffset", h.walOffset());
    header.put("walSize", h.walSize());
    header.put("walSalt1", h.walSalt1());
    header.put("walSalt2", h.walSalt2());
    header.put("nodeID", h.nodeID());
    json.put("header", header);
    Map<String, Object> trailer = new LinkedHashMap<>();
    trailer.put("postApplyChecksum", content.trailer().postApplyChecksum());
    trailer.put("fileChecksum", content.trailer().fileChecksum());
    json.put("trailer", trailer);
    json.put("fileSize", content.fileSize());
    if (content.indexOffset() >= 0) {
      json.put("indexOffset", content.indexOffset());
      json.put("indexSize", content.indexSize());
    }
    json.put("pagesSha256", content.pagesSha256());
    List<Map<String, Object>> pages = new ArrayList<>();
    for (FileContent.Page page : content.pages()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("pgno", page.pgno());
      if (page.frameOffset() >= 0) {
        entry.put("frameOffset", page.frameOffset());
        entry.put("frameSize", page.frameSize());
      }
      entry.put("dataSha256", page.dataSha256());
      entry.put("pageChecksum", page.pageChecksum());
      pages.add(entry);
    }
    json.put("pages", pages);
    return JsonText.print(json);
  }
}
