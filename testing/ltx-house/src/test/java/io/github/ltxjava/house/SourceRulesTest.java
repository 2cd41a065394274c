package io.github.ltxjava.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What neither the compiler nor the formatter says about our sources. */
class SourceRulesTest {
  private static final Pattern SILENT_CATCH =
      Pattern.compile("catch \\([^)]*\\) \\{\\s*(//[^\\n]*\\s*)*\\}");
  private static final Pattern WILDCARD_IMPORT =
      Pattern.compile("^import (static )?[\\w.]+\\.\\*;", Pattern.MULTILINE);
  private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sleep\\(");
  private static final Pattern DISABLED_WITHOUT_REASON =
      Pattern.compile("@Disabled(?!\\(\")(?=\\s)");

  @Test
  void noExceptionIsCaughtInSilence() throws IOException {
    assertThat(occurrences(SILENT_CATCH)).isEmpty();
  }

  @Test
  void importsNameWhatTheyImport() throws IOException {
    assertThat(occurrences(WILDCARD_IMPORT)).isEmpty();
  }

  @Test
  void nothingSleeps() throws IOException {
    assertThat(occurrences(SLEEP)).isEmpty();
  }

  @Test
  void aDisabledTestSaysWhy() throws IOException {
    assertThat(occurrences(DISABLED_WITHOUT_REASON)).isEmpty();
  }

  private static Set<String> occurrences(Pattern pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path source : Repository.javaSources()) {
      String text = Files.readString(source);
      for (Matcher match = pattern.matcher(text); match.find(); ) {
        long line = text.substring(0, match.start()).lines().count() + 1;
        found.add(Repository.root().relativize(source) + ":" + line);
      }
    }
    return found;
  }
}
