package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An implementation that is a program, started once for every file; the README has the command
 * lines.
 */
final class CommandImplementation implements LtxImplementation {
  private static final int REFUSED = 1;
  private static final int NOT_SUPPORTED = 64;
  private static final long TIMEOUT_SECONDS = 120;

  private final List<String> command;

  /** Takes the program and the arguments that come before those of the runner. */
  CommandImplementation(List<String> command) {
    this.command = List.copyOf(command);
  }

  @Override
  public FileContent read(Path file, String layout) throws IOException, RefusedException {
    Json json = Json.parse(run("dump", "--json", file.toString()), command + " dump " + file);
    Json header = json.get("header");
    Json trailer = json.get("trailer");
    List<FileContent.Page> pages = new ArrayList<>();
    for (Json page : json.get("pages").items()) {
      pages.add(
          new FileContent.Page(
              page.get("pgno").number(),
              numberOr(page, "frameOffset"),
              numberOr(page, "frameSize"),
              page.get("dataSha256").string(),
              page.get("pageChecksum").string()));
    }
    return new FileContent(
        json.get("layout").string(),
        header(header),
        new FileContent.Trailer(
            trailer.get("postApplyChecksum").string(), trailer.get("fileChecksum").string()),
        json.get("fileSize").number(),
        numberOr(json, "indexOffset"),
        numberOr(json, "indexSize"),
        pages,
        json.get("pagesSha256").string());
  }

  private static FileContent.Header header(Json header) {
    return new FileContent.Header(
        header.get("flags").number(),
        header.get("pageSize").number(),
        header.get("commit").number(),
        header.get("minTXID").string(),
        header.get("maxTXID").string(),
        header.get("timestampMillis").number(),
        header.get("preApplyChecksum").string(),
        header.get("walOffset").number(),
        header.get("walSize").number(),
        header.get("walSalt1").number(),
        header.get("walSalt2").number(),
        header.get("nodeID").string());
  }

  private static long numberOr(Json json, String name) {
    return json.has(name) ? json.get(name).number() : -1;
  }

  @Override
  public void verify(Path file, @Nullable String layout) throws IOException, RefusedException {
    run("verify", "--json", file.toString());
  }

  @Override
  public void merge(Merge merge) throws IOException, RefusedException {
    List<String> arguments = new ArrayList<>(List.of("merge", "-o", merge.output().toString()));
    arguments.addAll(List.of("--to", merge.layout()));
    if (merge.allowGaps()) {
      arguments.add("--allow-gaps");
    }
    if (merge.noChecksum()) {
      arguments.add("--no-checksum");
    }
    merge.inputs().forEach(input -> arguments.add(input.toString()));
    run(arguments.toArray(String[]::new));
  }

  @Override
  public void apply(Path database, Path file) throws IOException, RefusedException {
    run("apply", "-db", database.toString(), file.toString());
  }

  @Override
  public void restore(Path replica, @Nullable String txid, Path database)
      throws IOException, RefusedException {
    if (txid == null) {
      run("restore", "-o", database.toString(), replica.toString());
    } else {
      run("restore", "-o", database.toString(), "--txid", txid, replica.toString());
    }
  }

  @Override
  public void restoreBefore(Path replica, Instant time, Path database)
      throws IOException, RefusedException {
    run("restore", "-o", database.toString(), "--timestamp", time.toString(), replica.toString());
  }

  /** Runs the program and returns its standard output. */
  private String run(String... arguments) throws IOException, RefusedException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    Path out = Files.createTempFile("ltx-conformance-", ".out");
    Path err = Files.createTempFile("ltx-conformance-", ".err");
    try {
      int code = await(line, out, err);
      String output = Files.readString(out);
      switch (code) {
        case 0:
          return output;
        case REFUSED:
          throw new RefusedException(firstLine(Files.readString(err)), findings(output));
        case NOT_SUPPORTED:
          throw new NotSupportedException(arguments[0]);
        default:
          String said = firstLine(Files.readString(err));
          throw new IOException(String.join(" ", line) + ": exit code " + code + ": " + said);
      }
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static int await(List<String> line, Path out, Path err) throws IOException {
    Process process =
        new ProcessBuilder(line)
            .redirectInput(ProcessBuilder.Redirect.from(emptyInput()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(String.join(" ", line) + ": no end after " + TIMEOUT_SECONDS + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static java.io.File emptyInput() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return new java.io.File(windows ? "NUL" : "/dev/null");
  }

  /** What {@code verify --json} printed: an array with one object, which has the findings. */
  private static List<Finding> findings(String output) throws IOException {
    if (!output.startsWith("[")) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    for (Json file : Json.parse(output, "verify --json").items()) {
      for (Json finding : file.get("findings").items()) {
        findings.add(new Finding(finding.get("code").string(), numberOr(finding, "offset")));
      }
    }
    return findings;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("(no message)");
  }
}
