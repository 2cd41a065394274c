/** Somebody else's module, which needs ltx-java and nothing more. */
module consumer {
  requires io.github.ltxjava;
}
