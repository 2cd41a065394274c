package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.ArrayList;
import java.util.List;

/** Rows whose columns are as wide as what they hold. */
final class Table {

  private static final int GAP = 2;

  private final List<List<String>> rows = new ArrayList<>();

  /** Begins a table with the titles of its columns. */
  Table(List<String> titles) {
    rows.add(titles);
  }

  /** Adds a row of as many columns as there are titles. */
  void add(List<String> row) {
    rows.add(row);
  }

  /** Prints the columns one below the other. */
  void print(Output out) throws OutputException {
    int last = rows.get(0).size() - 1;
    int[] widths = new int[last];
    for (List<String> row : rows) {
      for (int i = 0; i < last; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length() + GAP);
      }
    }
    for (List<String> row : rows) {
      for (int i = 0; i < last; i++) {
        out.padded(row.get(i), widths[i]);
      }
      out.line(row.get(last));
    }
  }

  /** Prints the values separated by tabs. */
  void printTabSeparated(Output out) throws OutputException {
    for (List<String> row : rows) {
      out.line(String.join("\t", row));
    }
  }
}
