package io.github.ltxjava.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  void whatIsWrittenIsReadBackByAnotherParser() throws Exception {
    String text =
        written(
            json -> {
              json.object().name("s").value("a \"b\" \\ \n \u0001 ü \uD83D\uDE00");
              json.name("n").value(Long.MIN_VALUE).name("m").value(Long.MAX_VALUE);
              json.name("z").value(0).name("t").value(true);
              json.name("h").hexValue(-1L).name("e").array().endArray();
              json.name("l").array().inlineObject().name("x").value(10).name("y").array().value(1);
              json.value(2).endArray().endObject().object().endObject().endArray().endObject();
            });

    assertThat(JsonTree.parseObject(text))
        .isEqualTo(
            Map.of(
                "s",
                "a \"b\" \\ \n \u0001 ü \uD83D\uDE00",
                "n",
                Long.MIN_VALUE,
                "m",
                Long.MAX_VALUE,
                "z",
                0L,
                "t",
                true,
                "h",
                "ffffffffffffffff",
                "e",
                List.of(),
                "l",
                List.of(Map.of("x", 10L, "y", List.of(1L, 2L)), Map.of())));
  }

  @Test
  void anInlineObjectTakesOneLine() throws Exception {
    String text =
        written(
            json -> {
              json.array().inlineObject().name("a").value(1).name("b").value(2).endObject();
              json.object().name("c").value(3).endObject().endArray();
            });

    assertThat(text).isEqualTo("[\n  {\"a\": 1, \"b\": 2},\n  {\n    \"c\": 3\n  }\n]\n");
  }

  private interface Writing {
    void to(JsonWriter json) throws OutputException;
  }

  private static String written(Writing writing) {
    return Ran.of(
            (out, err) -> {
              try {
                writing.to(new JsonWriter(out));
                out.flush();
                return 0;
              } catch (OutputException e) {
                throw new AssertionError(e);
              }
            })
        .out();
  }
}
