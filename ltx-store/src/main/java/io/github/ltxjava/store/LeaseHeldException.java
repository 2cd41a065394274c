package io.github.ltxjava.store;

import java.io.IOException;

/** Thrown where somebody else holds the lease; says who, and until when. */
public final class LeaseHeldException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient LeaseInfo holder;

  LeaseHeldException(String name, String what, LeaseInfo holder) {
    super(
        name
            + ": "
            + what
            + holder.owner()
            + " (generation "
            + holder.generation()
            + ", until "
            + holder.expiresAt()
            + ")");
    this.holder = holder;
  }

  /** Returns who holds the lease. */
  public LeaseInfo holder() {
    return holder;
  }
}
