package io.github.ltxjava.spec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of the texts, with its headings, tables and hex examples. */
final class SpecText {

  /** A row of a table: cells by the names of their columns. */
  record Row(Map<String, String> cells) {

    /** The cell as text, without back-quotes. */
    String text(String column) {
      String cell = cells.get(column);
      if (cell == null) {
        throw new IllegalArgumentException("no column " + column + " in " + cells.keySet());
      }
      return cell.replace("`", "");
    }

    int number(String column) {
      return Integer.decode(text(column));
    }
  }

  /** A file given in hexadecimal, and the layout that the text says it has. */
  record Example(String name, String layout, String hex) {

    byte[] bytes() {
      return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
      return name + " (" + layout + ")";
    }
  }

  private static final Pattern EXAMPLE_LINE = Pattern.compile("\\s*(\\d+)  (.*?)  +#.*");

  private final List<String> lines;

  private SpecText(List<String> lines) {
    this.lines = lines;
  }

  static SpecText read(String fileName) {
    try {
      return new SpecText(Files.readAllLines(Path.of(fileName)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String all() {
    return String.join("\n", lines);
  }

  List<String> headings() {
    return lines.stream()
        .filter(l -> l.startsWith("#"))
        .map(l -> l.replaceFirst("^#+ ", ""))
        .toList();
  }

  /** The n-th table, from 0, below a heading and before the next one. */
  List<Row> table(String heading, int n) {
    List<Row> rows = tables(section(heading)).get(n);
    if (rows.isEmpty()) {
      throw new IllegalStateException("empty table below " + heading);
    }
    return rows;
  }

  private List<String> section(String heading) {
    List<String> section = null;
    for (String line : lines) {
      if (section != null && line.startsWith("#")) {
        return section;
      }
      if (section != null) {
        section.add(line);
      } else if (line.replaceFirst("^#+ ", "").equals(heading)) {
        section = new ArrayList<>();
      }
    }
    if (section == null) {
      throw new IllegalArgumentException("no heading " + heading);
    }
    return section;
  }

  private static List<List<Row>> tables(List<String> lines) {
    List<List<Row>> tables = new ArrayList<>();
    List<String> columns = null;
    for (String line : lines) {
      if (!line.startsWith("|")) {
        columns = null;
      } else if (columns == null) {
        columns = cells(line);
        tables.add(new ArrayList<>());
      } else if (!line.startsWith("| ---")) {
        tables.get(tables.size() - 1).add(row(columns, cells(line)));
      }
    }
    return tables;
  }

  private static Row row(List<String> columns, List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalStateException("row " + cells + " below columns " + columns);
    }
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      row.put(columns.get(i), cells.get(i));
    }
    return new Row(row);
  }

  private static List<String> cells(String line) {
    String inner = line.substring(1, line.lastIndexOf('|'));
    return List.of(inner.split("\\|", -1)).stream().map(String::strip).toList();
  }

  /** All fenced blocks that are marked {@code hex} and a layout. */
  List<Example> examples() {
    List<Example> examples = new ArrayList<>();
    String heading = "";
    String layout = null;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : lines) {
      if (line.startsWith("#")) {
        heading = line.replaceFirst("^#+ ", "");
      } else if (line.startsWith("```hex ")) {
        layout = line.substring("```hex ".length());
        bytes.reset();
      } else if (line.equals("```") && layout != null) {
        examples.add(
            new Example(
                heading.substring(0, 1), layout, HexFormat.of().formatHex(bytes.toByteArray())));
        layout = null;
      } else if (layout != null) {
        addLine(line, bytes);
      }
    }
    return examples;
  }

  private static void addLine(String line, ByteArrayOutputStream bytes) {
    Matcher matcher = EXAMPLE_LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalStateException("not a line of an example: " + line);
    }
    if (Integer.parseInt(matcher.group(1)) != bytes.size()) {
      throw new IllegalStateException("line should start with " + bytes.size() + ": " + line);
    }
    for (String token : matcher.group(2).split(" ", -1)) {
      String[] parts = token.split("\\*", -1);
      int times = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
      for (int i = 0; i < times; i++) {
        bytes.writeBytes(HexFormat.of().parseHex(parts[0]));
      }
    }
  }
}
