package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.Output;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command talks to.
 *
 * @param rawOut the standard output, unbuffered
 * @param out the same for text
 * @param err for errors and progress
 * @param outIsTerminal whether a person reads the standard output
 * @param errIsTerminal whether a person reads the errors
 * @param environment the environment variables
 */
record Terminal(
    OutputStream rawOut,
    Output out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  /** Returns the one of the process. */
  static Terminal ofProcess() {
    OutputStream raw = new FileOutputStream(FileDescriptor.out);
    return new Terminal(
        raw,
        new Output(raw),
        System.err,
        isTerminal(STANDARD_OUTPUT),
        isTerminal(STANDARD_ERROR),
        System.getenv());
  }

  /** Tells whether errors may be coloured: on a terminal, unless NO_COLOR says no. */
  boolean coloursErrors() {
    return errIsTerminal && coloursAllowed();
  }

  /** Tells whether the output may be coloured. */
  boolean coloursOutput() {
    return outIsTerminal && coloursAllowed();
  }

  private boolean coloursAllowed() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /**
   * Java can only say whether both input and output are a terminal; where the system tells more, it
   * is asked.
   */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(link)) {
      return System.console() != null && Runtime.version().feature() < 22;
    }
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
