package io.github.ltxjava.fuzz;

import java.util.List;

/** The registry: every fuzz target, one class each. A new one goes here, or a test fails. */
final class Targets {

  static final List<String> ALL =
      List.of(
          "io.github.ltxjava.fuzz.FileFuzzTest",
          "io.github.ltxjava.fuzz.HeaderFuzzTest",
          "io.github.ltxjava.fuzz.MergeFuzzTest",
          "io.github.ltxjava.fuzz.PageMapFuzzTest",
          "io.github.ltxjava.internal.codec.IndexFuzzTest",
          "io.github.ltxjava.internal.lz4.Lz4FuzzTest");

  /** The one that has to fail. */
  static final String CANARY = "io.github.ltxjava.fuzz.CanaryFuzzTest";

  private Targets() {}
}
