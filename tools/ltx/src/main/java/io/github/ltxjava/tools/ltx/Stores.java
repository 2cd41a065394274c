package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.s3.S3Options;
import io.github.ltxjava.store.s3.S3Store;
import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Opens the store that a word of a command line names: a folder, {@code file:///folder}, or {@code
 * s3://bucket/path} with parameters.
 */
final class Stores {

  /** What help texts say of a parameter. */
  static final String DESCRIPTION =
      "A folder, file:///folder, or s3://bucket/path?endpoint=... with Litestream's parameters.";

  private Stores() {}

  /** Opens a store to read from, which has to be there if it is a folder. */
  static LtxStore reading(String name) throws IOException {
    return isFolder(name) ? DirectoryStore.openExisting(folder(name)) : s3(name);
  }

  /** Opens a store to write to, which may have nothing in it yet. */
  static LtxStore writing(String name) throws IOException {
    return isFolder(name) ? DirectoryStore.open(folder(name)) : s3(name);
  }

  /** Returns what messages call the store: its name without parameters, which may hold a key. */
  static String label(String name) {
    int query = name.indexOf('?');
    return name.contains("://") && query >= 0 ? name.substring(0, query) : name;
  }

  private static boolean isUrl(String name, String scheme) {
    return name.regionMatches(true, 0, scheme.concat("://"), 0, scheme.length() + 3);
  }

  private static LtxStore s3(String name) throws CommandException {
    try {
      return S3Store.open(uri(name), S3Options.defaults());
    } catch (IllegalArgumentException e) {
      throw wrong(name, String.valueOf(e.getMessage()));
    }
  }

  /** Tells whether a store is a folder, or no store at all. */
  static boolean isFolder(String name) {
    return !isUrl(name, "s3");
  }

  /** Returns the folder that a store is. */
  static Path folder(String name) throws CommandException {
    if (!name.contains("://")) {
      return Targets.path(name);
    }
    if (!isUrl(name, "file")) {
      throw wrong(name, "a store is a folder, file:///folder or s3://bucket/path");
    }
    try {
      return Path.of(uri(name));
    } catch (IllegalArgumentException e) {
      throw wrong(name, "a folder is file:///folder, without anything before or after it");
    }
  }

  private static URI uri(String name) throws CommandException {
    try {
      return new URI(name.replace(" ", "%20"));
    } catch (URISyntaxException e) {
      throw wrong(name, "not a URL: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  private static CommandException wrong(String name, String why) {
    return new CommandException(ExitCode.USAGE, label(name) + ": " + why);
  }
}
