package io.github.ltxjava.tools.verify;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Verification;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.Verification.Sound;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.Optional;

/** A line for every file, what is wrong with it below. */
final class TextReports implements VerifyFormat {

  private final Output out;
  private int sound;
  private int damaged;
  private int unreadable;

  TextReports(Output out) {
    this.out = out;
  }

  @Override
  public void begin() {
    // Nothing comes before the first file.
  }

  @Override
  public void file(FileReport report) throws OutputException {
    out.text(Messages.oneLine(report.file())).text(": ");
    Verification verification = report.verification();
    if (verification == null) {
      unreadable++;
      out.text("cannot be read: ").line(Messages.oneLine(String.valueOf(report.failure())));
    } else if (verification instanceof Sound file) {
      sound++;
      sound(file);
    } else {
      damaged++;
      damaged(verification);
    }
    if (report.fileDigest() != null) {
      out.text("  file     ").line(report.fileDigest());
    }
    if (report.contentDigest() != null) {
      out.text("  content  ").line(report.contentDigest());
    }
    out.flush();
  }

  private void sound(Sound file) throws OutputException {
    LtxHeader header = file.header();
    out.text("ok, ").text(file.layout().label());
    out.text(header.isSnapshot() ? ", snapshot " : ", delta ");
    out.hex(header.txids().min().value()).text("-").hex(header.txids().max().value()).text(", ");
    out.number(file.pageCount()).line(file.pageCount() == 1 ? " page" : " pages");
  }

  private void damaged(Verification verification) throws OutputException {
    Optional<Layout> layout = verification.detectedLayout();
    out.text("DAMAGED");
    if (layout.isPresent()) {
      out.text(", ").text(layout.get().label());
    }
    int count = verification.findings().size();
    out.text(", ").number(count).line(count == 1 ? " finding" : " findings");
    for (Finding finding : verification.findings()) {
      out.text("  ").text(finding.reason().name()).text(" at offset ").number(finding.offset());
      out.text(": ").line(Messages.oneLine(finding.detail()));
    }
  }

  @Override
  public void end() throws OutputException {
    int files = sound + damaged + unreadable;
    if (files > 1) {
      out.number(files).text(" files: ").number(sound).text(" ok, ").number(damaged);
      out.text(" damaged, ").number(unreadable).line(" unreadable");
    }
    out.flush();
  }
}
