package io.github.ltxjava.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class OutputTest {

  @Test
  void numbersAndTextsArePrintedAsTheyAre() {
    Ran ran =
        Ran.of(
            (out, err) -> {
              try {
                out.number(0).text(" ").number(7).text(" ").number(10).text(" ").number(99);
                out.text(" ").number(Long.MAX_VALUE).text(" ").number(Long.MIN_VALUE).line();
                out.hex(0xABCL).text(" ").hex(-2).text(" ").hex(new byte[] {-1, 9}, 0, 2).line();
                out.padded("ab", 4).aligned("cd", 4).line("é\uD83D\uDE00").flush();
                return 0;
              } catch (OutputException e) {
                throw new AssertionError(e);
              }
            });

    assertThat(ran.out())
        .isEqualTo(
            """
            0 7 10 99 9223372036854775807 -9223372036854775808
            0000000000000abc fffffffe ff09
            ab    cdé\uD83D\uDE00
            """);
  }

  @Test
  void aFailingStreamIsAnExceptionOfItsOwnKind() {
    Output out =
        new Output(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });

    assertThatThrownBy(() -> out.text("x").flush())
        .isInstanceOf(OutputException.class)
        .hasMessage("cannot write the output: Broken pipe");
  }
}
