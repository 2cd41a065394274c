package io.github.ltxjava.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Moves files into place so that a crash leaves the old state or the new one. */
public final class DurableFiles {

  /** Windows cannot open a folder for forcing; there the rename itself has to do. */
  private static final boolean FOLDERS_CAN_BE_FORCED =
      !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private DurableFiles() {}

  /** Renames over whatever is there; where the system cannot do so at once, as near as it can. */
  public static void replace(Path temporary, Path file) throws IOException {
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Gives the file its final name unless something has that name already. A hard link does this
   * without a gap between test and rename; where links are not supported, a move that refuses to
   * replace comes nearest.
   *
   * @throws FileAlreadyExistsException if the name is taken
   */
  public static void moveIfAbsent(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      moveWithoutLink(temporary, file, e);
      return;
    }
    Files.delete(temporary);
  }

  private static void moveWithoutLink(Path temporary, Path file, Exception noLink)
      throws IOException {
    try {
      Files.move(temporary, file);
    } catch (IOException e) {
      e.addSuppressed(noLink);
      throw e;
    }
  }

  /** Forces the folder that holds the file, so that the file's name survives a crash. */
  public static void forceFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      forceFolder(folder);
    }
  }

  /** Forces a folder, so that what was created, renamed and deleted in it survives a crash. */
  public static void forceFolder(Path folder) throws IOException {
    if (!FOLDERS_CAN_BE_FORCED) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
