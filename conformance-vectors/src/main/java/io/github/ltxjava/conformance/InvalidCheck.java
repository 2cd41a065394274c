package io.github.ltxjava.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

  private static RefusedException refusal(
      LtxImplementation implementation, Vector vector, String layout) throws IOException {
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
    List<Finding> reasons = findings(json.get("reasons"));
    boolean asExpected =
        reasons.stream()
            .filter(reason -> reason.code().equals(first.code()))
            .anyMatch(reason -> first.offset() < 0 || first.offset() == reason.offset());
    if (!asExpected) {
      throw new CheckFailure("first finding " + first + ", want one of " + reasons);
    }
    if (json.has("findings")) {
      List<Finding> want = findings(json.get("findings"));
      if (!want.equals(found)) {
        throw new CheckFailure("findings " + found + ", want " + want);
      }
    }
  }

  private static List<Finding> findings(Json json) {
    List<Finding> findings = new ArrayList<>();
    for (Json finding : json.items()) {
      findings.add(new Finding(finding.get("code").string(), finding.get("offset").number()));
    }
    return findings;
  }
}
