package io.github.ltxjava.tools.dump;

import io.github.ltxjava.Layout;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.List;
import java.util.Optional;

/** Prints a file while it is scanned, in this order of calls. */
interface DumpFormat {

  void begin(String name, long fileSize) throws OutputException;

  /**
   * Prints the header.
   *
   * @param raw its bytes, which may break any rule; empty if there is none
   * @param layout empty if the header is damaged
   */
  void header(Optional<byte[]> raw, Optional<Layout> layout) throws OutputException;

  /** Called unless the header is damaged. */
  void beginPages() throws OutputException;

  /** Prints the current page of the scan; it may be damaged. */
  void page(FileScan scan, boolean decoded) throws OutputException;

  /**
   * Prints all that follows the pages.
   *
   * @param scan empty if the header is damaged
   */
  void end(Optional<FileScan> scan, List<Finding> findings) throws OutputException;
}
