package io.github.ltxjava.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatJsonTest {

  @Test
  void textsAndNumbersAreReadAndTheRestIsSkipped() {
    assertThat(
            FlatJson.parse(
                " {\"a\" : \"b\\n\\u00fc\\/\\\"\", \"n\":-1.5e+3,\"t\":true ,\"z\":null,"
                    + "\"o\":{\"a\":[1,{\"b\":[]},\"]\"]},\"l\":[]}\r\n"))
        .isEqualTo(Map.of("a", "b\nü/\"", "n", "-1.5e+3", "t", "true"));
    assertThat(FlatJson.parse("{}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "{",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":\"x}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":tru}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":[1}",
        "{\"a\":+1}",
        "{\"a\":.5}"
      })
  void whatIsNoObjectIsRefused(String text) {
    assertThatThrownBy(() -> FlatJson.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsTooLargeOrTooDeepIsRefused() {
    assertThatThrownBy(() -> FlatJson.parse("{\"a\":" + "[".repeat(1000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deeper");
    assertThatThrownBy(() -> FlatJson.parse(" ".repeat(1 << 20)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void everyTextComesBack(@ForAll String text) {
    assertThat(FlatJson.parse("{\"a\":" + FlatJson.quote(text) + "}")).isEqualTo(Map.of("a", text));
  }

  @Property
  void nothingEndsInAnotherException(@ForAll String text) {
    try {
      FlatJson.parse("{\"a\":" + text);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("JSON");
    }
  }
}
