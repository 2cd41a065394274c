package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.io.Writer;

/** Lets picocli print to an {@link Output}. */
final class OutputWriter extends Writer {

  private final Output out;

  OutputWriter(Output out) {
    this.out = out;
  }

  @Override
  public void write(char[] chars, int offset, int length) throws OutputException {
    out.text(new String(chars, offset, length));
  }

  @Override
  public void flush() throws OutputException {
    out.flush();
  }

  @Override
  public void close() throws OutputException {
    out.flush();
  }
}
