package io.github.ltxjava.tools.cli;

import java.util.Arrays;

/** Prints bytes in rows of sixteen, hexadecimal and as characters. */
public final class HexRows {

  private static final int ROW = 16;

  private HexRows() {}

  /**
   * Prints whole rows.
   *
   * @param bytes a multiple of 16
   * @param mark stands for rows that repeat the one before; the last row is always printed
   */
  public static void print(Output out, byte[] bytes, String mark) throws OutputException {
    boolean marked = false;
    for (int at = 0; at < bytes.length; at += ROW) {
      boolean repeats =
          at > 0
              && at + ROW < bytes.length
              && Arrays.equals(bytes, at, at + ROW, bytes, at - ROW, at);
      if (!repeats) {
        row(out, bytes, at);
      } else if (!marked) {
        out.line(mark);
      }
      marked = repeats;
    }
  }

  private static void row(Output out, byte[] bytes, int at) throws OutputException {
    out.hex(at).text(" ");
    for (int i = at; i < at + ROW; i++) {
      out.text(i == at + ROW / 2 ? "  " : " ").hex(bytes, i, 1);
    }
    out.text("  |");
    for (int i = at; i < at + ROW; i++) {
      out.put(bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
    }
    out.line("|");
  }
}
