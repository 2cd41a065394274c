package io.github.ltxjava.tools.cli;

import io.github.ltxjava.LtxFormatException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in one sentence what went wrong, and never with a stack trace. */
public final class Messages {

  private Messages() {}

  /** Describes a failure, the file that it names included. */
  public static String of(IOException e) {
    if (e instanceof LtxFormatException || e instanceof OutputException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof FileSystemException named && named.getFile() != null) {
      return named.getFile() + ": " + withoutFile(e);
    }
    return withoutFile(e);
  }

  /** Describes a failure, without the file that it is about. */
  public static String withoutFile(IOException e) {
    if (e instanceof LtxFormatException format) {
      return format.reason() + " at offset " + format.offset() + ": " + format.detail();
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getReason() == null ? "no such file or folder" : missing.getReason();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (e instanceof NotDirectoryException) {
      return "is not a folder";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (e instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Makes a message fit for one line of a terminal: no control characters. */
  public static String oneLine(String message) {
    StringBuilder clean = new StringBuilder(message.length());
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      clean.append(Character.isISOControl(c) ? '?' : c);
    }
    return clean.toString();
  }
}
