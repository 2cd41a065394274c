package io.github.ltxjava.conformance;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints maps, lists, strings, numbers and booleans as JSON, an object of a list on one line. */
final class JsonText {
  private JsonText() {}

  static String print(Map<String, ?> object) {
    return print(object, "") + "\n";
  }

  private static String print(Object value, String indent) {
    String inner = indent + "  ";
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> inner + quote(e.getKey().toString()) + ": " + print(e.getValue(), inner))
          .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
    }
    if (value instanceof List<?> list && list.stream().anyMatch(i -> i instanceof Map)) {
      return list.stream()
          .map(item -> inner + oneLine(item))
          .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
    }
    return oneLine(value);
  }

  private static String oneLine(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> quote(e.getKey().toString()) + ": " + oneLine(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(JsonText::oneLine).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String text ? quote(text) : value.toString();
  }

  private static String quote(String text) {
    if (text.chars().anyMatch(c -> c < 0x20 || c == '"' || c == '\\')) {
      throw new IllegalArgumentException("text of a sidecar needs no escapes: " + text);
    }
    return "\"" + text + "\"";
  }
}
