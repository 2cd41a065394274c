/** Conformance vectors for LTX and a runner that holds an implementation against them. */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.conformance {
  requires com.fasterxml.jackson.core;
  requires static org.jspecify;

  exports io.github.ltxjava.conformance;
}
