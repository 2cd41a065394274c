package io.github.ltxjava.tools.verify;

import io.github.ltxjava.tools.cli.OutputException;

/** Prints the reports on files as they come. */
interface VerifyFormat {

  void begin() throws OutputException;

  void file(FileReport report) throws OutputException;

  void end() throws OutputException;
}
