package io.github.ltxjava.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares text with a file beside the tests; {@code -Drewrite=true} writes the files anew, but for
 * those named go-*, which the Go program wrote.
 */
public final class Golden {

  private static final Path FOLDER = Path.of("src", "test", "golden");

  private Golden() {}

  /** Fails unless the text is that of the golden file of this name. */
  public static void check(String name, String actual) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("rewrite") && !name.startsWith("go-")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, actual);
    }
    assertThat(actual)
        .as("%s; -Drewrite=true writes it anew", file)
        .isEqualTo(Files.readString(file));
  }
}
