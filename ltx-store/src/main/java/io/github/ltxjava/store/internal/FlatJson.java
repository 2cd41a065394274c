package io.github.ltxjava.store.internal;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that stores exchange: one object whose values are texts and numbers, in a few
 * lines. Values that are objects or arrays are checked and skipped. Not for anything larger.
 */
public final class FlatJson {

  private static final int MAX_LENGTH = 64 << 10;
  private static final int MAX_DEPTH = 16;

  private final String text;
  private int at;

  private FlatJson(String text) {
    this.text = text;
  }

  /**
   * Parses an object.
   *
   * @return the values by name: texts unescaped, numbers and booleans as written, nulls left out
   * @throws IllegalArgumentException if it is not a JSON object, or a name occurs twice
   */
  public static Map<String, String> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("JSON of more than " + MAX_LENGTH + " characters");
    }
    FlatJson json = new FlatJson(text);
    Map<String, String> fields = new LinkedHashMap<>();
    json.space();
    json.object(fields, 0);
    json.space();
    if (json.at != text.length()) {
      throw json.bad("the end");
    }
    return fields;
  }

  /** Returns the text in quotes, escaped. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private void object(Map<String, String> fields, int depth) {
    expect('{');
    space();
    if (accept('}')) {
      return;
    }
    do {
      space();
      String name = string();
      space();
      expect(':');
      String value = value(depth);
      if (value != null && fields.put(name, value) != null) {
        throw new IllegalArgumentException("JSON names \"" + name + "\" twice");
      }
      space();
    } while (accept(','));
    expect('}');
  }

  /** Returns null for null and for what is not a scalar. */
  private @Nullable String value(int depth) {
    space();
    char c = peek();
    if (c == '"') {
      return string();
    }
    if (c == '{' || c == '[') {
      if (depth == MAX_DEPTH) {
        throw new IllegalArgumentException("JSON nested deeper than " + MAX_DEPTH);
      }
      if (c == '{') {
        object(new LinkedHashMap<>(), depth + 1);
      } else {
        array(depth + 1);
      }
      return null;
    }
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(peek()) || "+-.".indexOf(peek()) >= 0)) {
      at++;
    }
    String word = text.substring(start, at);
    if (!word.matches("true|false|null|-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
      at = start;
      throw bad("a value");
    }
    return word.equals("null") ? null : word;
  }

  private void array(int depth) {
    expect('[');
    space();
    if (accept(']')) {
      return;
    }
    do {
      value(depth);
      space();
    } while (accept(','));
    expect(']');
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return string.toString();
      }
      if (c < ' ') {
        at--;
        throw bad("a quote");
      }
      string.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = next();
    switch (c) {
      case '"':
      case '\\':
      case '/':
        return c;
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'u':
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw bad("four hexadecimal digits");
          }
          code = code << 4 | digit;
        }
        return (char) code;
      default:
        throw bad("an escape");
    }
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean accept(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw bad("'" + c + "'");
    }
  }

  private char peek() {
    if (at == text.length()) {
      throw bad("more");
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private IllegalArgumentException bad(String expected) {
    return new IllegalArgumentException("JSON has not " + expected + " at offset " + at);
  }
}
