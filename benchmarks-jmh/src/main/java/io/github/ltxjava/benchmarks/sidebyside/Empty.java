package io.github.ltxjava.benchmarks.sidebyside;

/** The program that does nothing, whose time is what a JVM takes to start. */
final class Empty {
  private Empty() {}

  public static void main(String[] args) {
    // Nothing.
  }
}
