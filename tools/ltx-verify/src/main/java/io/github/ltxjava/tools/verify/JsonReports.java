package io.github.ltxjava.tools.verify;

import io.github.ltxjava.Layout;
import io.github.ltxjava.Verification;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.Optional;

/**
 * A JSON array with an object for every file: {@code file}, {@code ok}, {@code layout} (absent if
 * it is not known), {@code findings} with {@code code}, {@code offset} and {@code message}, and, if
 * they were asked for, {@code fileDigest} and {@code contentDigest}. A file that cannot be read has
 * one finding with the code {@code IO} and offset 0.
 */
final class JsonReports implements VerifyFormat {

  private final JsonWriter json;
  private final Output out;

  JsonReports(Output out) {
    this.json = new JsonWriter(out);
    this.out = out;
  }

  @Override
  public void begin() throws OutputException {
    json.array();
  }

  @Override
  public void file(FileReport report) throws OutputException {
    json.object().name("file").value(report.file()).name("ok").value(report.isSound());
    Verification verification = report.verification();
    if (verification != null) {
      Optional<Layout> layout = verification.detectedLayout();
      if (layout.isPresent()) {
        json.name("layout").value(layout.get().label());
      }
    }
    json.name("findings").array();
    if (verification != null) {
      for (Finding finding : verification.findings()) {
        finding(finding.reason().name(), finding.offset(), finding.detail());
      }
    } else {
      finding(VerifyCommand.IO_CODE, 0, String.valueOf(report.failure()));
    }
    json.endArray();
    if (report.fileDigest() != null) {
      json.name("fileDigest").value(report.fileDigest());
    }
    if (report.contentDigest() != null) {
      json.name("contentDigest").value(report.contentDigest());
    }
    json.endObject();
  }

  private void finding(String code, long offset, String message) throws OutputException {
    json.inlineObject().name("code").value(code).name("offset").value(offset);
    json.name("message").value(message).endObject();
  }

  @Override
  public void end() throws OutputException {
    json.endArray();
    out.flush();
  }
}
