package io.github.ltxjava.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A damaged file is refused: for one of the reasons in the sidecar, at its offset, when the layout
 * is told; for any reason when it is not. An implementation without reason codes passes with
 * refusing.
 */
final class InvalidCheck implements Check {

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    String layout = json.get("layout").string();
    switch (json.get("expect").string()) {
      case "accept":
        implementation.verify(vector.path(), layout);
        implementation.verify(vector.path(), null);
        return "";
      case "either":
        RefusedException refusal = refusal(implementation, vector, layout);
        return refusal == null ? "accepted" : "refused: " + refusal.getMessage();
      case "reject":
        RefusedException told = refusal(implementation, vector, layout);
        if (told == null) {
          throw new CheckFailure("accepted: " + json.get("rule").string());
        }
        compare(told.findings(), json);
        if (refusal(implementation, vector, null) == null) {
          throw new CheckFailure("accepted when the layout is not told");
        }
        return "";
      default:
        throw new CheckFailure("the sidecar expects something unknown");
    }
  }

  private static @Nullable RefusedException refusal(
      LtxImplementation implementation, Vector vector, @Nullable String layout) throws IOException {
    try {
      implementation.verify(vector.path(), layout);
      return null;
    } catch (RefusedException e) {
      return e;
    }
  }

  private static void compare(List<Finding> found, Json json) throws CheckFailure {
    if (found.isEmpty() || found.get(0).code().isEmpty()) {
      return;
    }
    Finding first = found.get(0);
    if (json.get("reasons").items().stream().noneMatch(reason -> matches(first, reason))) {
      throw new CheckFailure(
          "first finding " + first + ", want of " + describe(json.get("reasons")));
    }
    if (json.has("findings")) {
      compareAll(found, json.get("findings"));
    }
  }

  private static void compareAll(List<Finding> found, Json want) throws CheckFailure {
    List<Json> items = want.items();
    boolean same = items.size() == found.size();
    for (int i = 0; same && i < items.size(); i++) {
      same = matches(found.get(i), items.get(i));
    }
    if (!same) {
      throw new CheckFailure("findings " + found + ", want " + describe(want));
    }
  }

  /**
   * A finding lies at the offset, or in the part of the file that begins there, where it has an
   * end.
   */
  private static boolean matches(Finding finding, Json reason) {
    long offset = reason.get("offset").number();
    long end = reason.has("end") ? reason.get("end").number() : offset + 1;
    boolean inside = offset <= finding.offset() && finding.offset() < end;
    return finding.code().equals(reason.get("code").string()) && (finding.offset() < 0 || inside);
  }

  private static String describe(Json reasons) {
    return findings(reasons).stream().map(Finding::toString).collect(Collectors.joining(", "));
  }

  private static List<Finding> findings(Json json) {
    List<Finding> findings = new ArrayList<>();
    for (Json finding : json.items()) {
      findings.add(new Finding(finding.get("code").string(), finding.get("offset").number()));
    }
    return findings;
  }
}
