package io.github.ltxjava.tools.ltx;

/** One run of the program. */
record Session(Terminal terminal, Cancellation cancellation) {}
