package io.github.ltxjava.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON value with the path that leads to it, so that a message can say which field was wrong. */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final @Nullable Object value;
  private final String path;

  private Json(@Nullable Object value, String path) {
    this.value = value;
    this.path = path;
  }

  static Json read(Path file) throws IOException {
    return parse(Files.readString(file), file.toString());
  }

  /** Parses one JSON text; {@code name} is what messages call it. */
  static Json parse(String text, String name) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new IOException(name + ": more than one JSON value");
      }
      return new Json(value, name);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new IOException("no JSON value");
    }
    switch (token) {
      case START_OBJECT:
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        return object;
      case START_ARRAY:
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        return array;
      case VALUE_STRING:
        return parser.getText();
      case VALUE_NUMBER_INT:
        return parser.getLongValue();
      case VALUE_NUMBER_FLOAT:
        return parser.getDoubleValue();
      case VALUE_TRUE:
        return true;
      case VALUE_FALSE:
        return false;
      case VALUE_NULL:
        return null;
      default:
        throw new IOException("unexpected JSON token " + token);
    }
  }

  boolean has(String name) {
    return value instanceof Map<?, ?> map && map.get(name) != null;
  }

  /** A member of this object that must be there. */
  Json get(String name) {
    if (value instanceof Map<?, ?> map && map.containsKey(name)) {
      return new Json(map.get(name), path + "." + name);
    }
    throw new IllegalArgumentException(path + " has no member " + name);
  }

  Set<String> names() {
    Set<String> names = new java.util.LinkedHashSet<>();
    for (Object name : cast(Map.class).keySet()) {
      names.add((String) name);
    }
    return names;
  }

  List<Json> items() {
    List<Json> items = new ArrayList<>();
    for (Object item : cast(List.class)) {
      items.add(new Json(item, path + "[" + items.size() + "]"));
    }
    return items;
  }

  List<String> strings() {
    return items().stream().map(Json::string).toList();
  }

  String string() {
    return cast(String.class);
  }

  long number() {
    return cast(Long.class);
  }

  boolean flag() {
    return cast(Boolean.class);
  }

  private <T> T cast(Class<T> type) {
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw new IllegalArgumentException(
        path + ": want a " + type.getSimpleName() + ", found " + value);
  }
}
