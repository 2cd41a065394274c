package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;

/** A source that stays the caller's: closing this does not close it. */
public final class UnclosedSource extends ForwardingSource {

  /** Wraps the caller's source. */
  public UnclosedSource(ByteSource source) {
    super(source);
  }

  @Override
  public void close() {
    // The caller closes it.
  }
}
