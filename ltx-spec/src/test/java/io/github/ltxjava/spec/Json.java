package io.github.ltxjava.spec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Just enough JSON to read the vectors' sidecars: maps, lists, strings, integers, booleans. */
final class Json {

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  static Map<String, Object> parse(String text) {
    Json json = new Json(text);
    Map<String, Object> result = json.object();
    json.skipSpace();
    json.require(json.at == text.length(), "end of text");
    return result;
  }

  private Object value() {
    skipSpace();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      default -> integer();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> result = new LinkedHashMap<>();
    expect('{');
    if (!consume('}')) {
      do {
        skipSpace();
        String name = string();
        expect(':');
        result.put(name, value());
      } while (consume(','));
      expect('}');
    }
    return result;
  }

  private List<Object> array() {
    List<Object> result = new ArrayList<>();
    expect('[');
    if (!consume(']')) {
      do {
        result.add(value());
      } while (consume(','));
      expect(']');
    }
    return result;
  }

  private String string() {
    StringBuilder result = new StringBuilder();
    expect('"');
    while (peek() != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        result.append(c);
      } else if (peek() == 'u') {
        result.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
        at += 5;
      } else {
        require("\"\\/".indexOf(peek()) >= 0, "a known escape");
        result.append(text.charAt(at++));
      }
    }
    at++;
    return result.toString();
  }

  private BigInteger integer() {
    int start = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    require(at > start, "a value");
    return new BigInteger(text.substring(start, at));
  }

  private Object literal(String word, Object value) {
    require(text.startsWith(word, at), word);
    at += word.length();
    return value;
  }

  private boolean consume(char c) {
    skipSpace();
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char c) {
    require(consume(c), "'" + c + "'");
  }

  private char peek() {
    require(at < text.length(), "more text");
    return text.charAt(at);
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void require(boolean condition, String expected) {
    if (!condition) {
      throw new IllegalArgumentException("expected " + expected + " at character " + at);
    }
  }
}
