package io.github.ltxjava.tools.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.tools.cli.Output;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the parser for plain command lines against picocli, which reads all of them. */
class PlainParserTest {

  private static final List<String> VALUES =
      List.of(
          "a.ltx",
          "b.ltx",
          "1",
          "0",
          "77",
          "v2",
          "v3-block",
          "-",
          "--",
          "",
          " ",
          "a b",
          "x=y",
          "\"quoted\"",
          "'quoted'",
          "${HOME}",
          "@file",
          "list",
          "merge",
          "true",
          "-x",
          "--to=v2",
          "--page=3",
          "-o=x",
          "-ox",
          "--force=false",
          "-1",
          "--TO",
          "\u00e4");

  private static Session session() {
    OutputStream nowhere = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(nowhere, true, StandardCharsets.UTF_8);
    return new Session(
        new Terminal(nowhere, new Output(nowhere), err, false, false, Map.of()),
        Cancellation.none());
  }

  private static LtxCommand command(String name) {
    return Objects.requireNonNull(Ltx.command(name, session()), name);
  }

  private static List<Object> values(LtxCommand command) {
    List<Object> values = new ArrayList<>();
    for (Argument<?> argument : command.arguments()) {
      values.add(String.valueOf(argument.orNull()));
    }
    return values;
  }

  /** A command, and any of its options and of other words in any order. */
  @Provide
  static Arbitrary<List<String>> commandLines() {
    return Arbitraries.of(Ltx.COMMANDS)
        .flatMap(
            name -> {
              List<String> options =
                  command(name).spec().options().stream()
                      .flatMap(option -> Stream.of(option.names()))
                      .toList();
              Arbitrary<String> word =
                  Arbitraries.frequencyOf(
                      Tuple.of(3, Arbitraries.of(options)),
                      Tuple.of(4, Arbitraries.of(VALUES.subList(0, 7))),
                      Tuple.of(1, Arbitraries.of(VALUES)));
              return word.list()
                  .ofMaxSize(7)
                  .map(
                      words -> {
                        List<String> line = new ArrayList<>(List.of(name));
                        line.addAll(words);
                        return line;
                      });
            });
  }

  @Property
  void whatItReadsPicocliReadsTheSameWay(@ForAll("commandLines") List<String> line)
      throws CommandLineException {
    String[] words = line.toArray(new String[0]);
    LtxCommand plain = command(words[0]);
    if (PlainParser.parse(plain, words)) {
      LtxCommand full = Objects.requireNonNull(new FullParser(session()).parse(words));

      assertThat(full.name()).isEqualTo(plain.name());
      assertThat(values(plain)).as("%s", line).isEqualTo(values(full));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apply -db a.db 1.ltx 2.ltx",
        "apply 1.ltx --db a.db 2.ltx",
        "checksum a.db",
        "convert --to v1-lz4 -o x a.ltx",
        "diff a.ltx b.ltx",
        "dump --json --page 3 a.ltx",
        "encode-db --no-checksum -o x a.db",
        "extract --page 1 -f --output x a.ltx",
        "levels --json replica",
        "list -tsv a.ltx b.ltx",
        "merge -o x --to v2 --allow-gaps --force a.ltx b.ltx",
        "replicate --once --timeout 5s --levels 1s,1m --metrics 9090 a.db one two",
        "restore -o x -txid 0000000000000001 replica",
        "restore-points replica",
        "status a.db one two",
        "verify --json a.ltx",
        "verify-replica --full replica",
        "version",
      })
  void itReadsWhatIsPlain(String line) throws CommandLineException {
    String[] words = line.split(" ");
    LtxCommand plain = command(words[0]);

    assertThat(PlainParser.parse(plain, words)).isTrue();

    LtxCommand full = Objects.requireNonNull(new FullParser(session()).parse(words));
    assertThat(values(plain)).isEqualTo(values(full));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checksum",
        "checksum a b",
        "checksum --help",
        "merge -o x",
        "merge a.ltx",
        "merge -o x a.ltx -o y",
        "merge -o -f a.ltx",
        "merge -o x --to v9 a.ltx",
        "merge --output=x a.ltx",
        "extract --page 1x -o x a.ltx",
        "list -- a.ltx",
        "replicate --timeout soon a.db one",
        "replicate a.db",
        "list -tsv -tsv a.ltx",
        "list --nonsense a.ltx",
        "verify --digest a.ltx",
        "version please",
      })
  void itLeavesTheRestToPicocli(String line) {
    String[] words = line.split(" ");

    assertThat(PlainParser.parse(command(words[0]), words)).isFalse();
  }
}
