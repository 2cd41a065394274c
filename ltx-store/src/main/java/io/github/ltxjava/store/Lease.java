package io.github.ltxjava.store;

import io.github.ltxjava.store.ConditionalObject.Version;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to write to a store, held for a while by one of many: an object {@code lock.json} in
 * Litestream's form beside the files.
 *
 * <p>The generation grows with every holder and never goes back, not even after a release, which
 * leaves the object in place and marks it as over. Times are compared across machines, so their
 * clocks should agree to well within the time to live. A holder that is paused beyond its time
 * cannot be stopped by a lease; what stops it is that files are created and never replaced ({@link
 * StoreCapabilities#conditionalCreate}). The lease says who the other one is.
 *
 * <p>Safe for many threads.
 */
public final class Lease implements Closeable {

  /** The name of the object. */
  public static final String OBJECT_NAME = "lock.json";

  /** Litestream's time to live. */
  public static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofSeconds(30);

  /** How often a race may be lost to somebody who then is found to hold nothing. */
  private static final int MAX_ATTEMPTS = 10;

  private final ConditionalObject object;
  private final Duration timeToLive;
  private final Clock clock;
  private LeaseInfo info;
  private @Nullable Version version;

  private Lease(
      ConditionalObject object, Duration timeToLive, Clock clock, LeaseInfo info, Version version) {
    this.object = object;
    this.timeToLive = timeToLive;
    this.clock = clock;
    this.info = info;
    this.version = version;
  }

  /**
   * Takes the lease, if it is free, released or over.
   *
   * @param owner what others are told: a host and a process, for example
   * @param timeToLive for how long it is held unless renewed; positive
   * @param clock the time here
   * @throws LeaseHeldException if somebody holds it
   * @throws UnsupportedOperationException if the store cannot replace conditionally
   * @throws IllegalArgumentException if the time to live is not positive
   * @throws IOException if the store fails, or its object is not a lease
   */
  public static Lease acquire(LtxStore store, String owner, Duration timeToLive, Clock clock)
      throws IOException {
    if (timeToLive.isNegative() || timeToLive.isZero()) {
      throw new IllegalArgumentException("a time to live of " + timeToLive);
    }
    ConditionalObject object = objectOf(store);
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<Version> seen = object.read();
      Instant now = clock.instant();
      long generation = 1;
      if (seen.isPresent()) {
        LeaseInfo before = parse(object, seen.get());
        if (!before.isExpired(now)) {
          throw new LeaseHeldException(object.name(), "the lease is held by ", before);
        }
        generation = Math.addExact(before.generation(), 1);
      }
      LeaseInfo info = new LeaseInfo(generation, owner, now.plus(timeToLive));
      Optional<Version> written = object.replace(seen, info.toJson());
      if (written.isPresent()) {
        return new Lease(object, timeToLive, clock, info, written.get());
      }
    }
    throw new IOException(object.name() + ": changed " + MAX_ATTEMPTS + " times while it was read");
  }

  /**
   * Reads who holds, or held, the lease of a store.
   *
   * @return what the object says, or empty if nobody has ever held it
   * @throws UnsupportedOperationException if the store cannot replace conditionally
   * @throws IOException if the store fails, or its object is not a lease
   */
  public static Optional<LeaseInfo> read(LtxStore store) throws IOException {
    ConditionalObject object = objectOf(store);
    Optional<Version> seen = object.read();
    return seen.isEmpty() ? Optional.empty() : Optional.of(parse(object, seen.get()));
  }

  private static ConditionalObject objectOf(LtxStore store) {
    return store
        .object(OBJECT_NAME)
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    store + " cannot replace an object conditionally, so it has no lease"));
  }

  private static LeaseInfo parse(ConditionalObject object, Version version) throws IOException {
    try {
      return LeaseInfo.parse(version.text());
    } catch (IllegalArgumentException e) {
      throw new IOException(object.name() + ": not a lease: " + e.getMessage(), e);
    }
  }

  /** Returns what the object says since it was last acquired or renewed. */
  public synchronized LeaseInfo info() {
    return info;
  }

  /** Tells whether the lease is held, as far as the clock here can tell. */
  public synchronized boolean isHeld() {
    return version != null && !info.isExpired(clock.instant());
  }

  /**
   * Holds on for another time to live. A lease that is over, but that nobody has taken meanwhile,
   * is renewed as well.
   *
   * @throws LeaseHeldException if somebody has taken it; the lease is no longer held then
   * @throws IllegalStateException if it was released or lost
   * @throws IOException if the store fails; the lease can be renewed again
   */
  public synchronized void renew() throws IOException {
    Version held = version;
    if (held == null) {
      throw new IllegalStateException(object.name() + ": the lease was released or lost");
    }
    LeaseInfo renewed =
        new LeaseInfo(info.generation(), info.owner(), clock.instant().plus(timeToLive));
    Optional<Version> written = object.replace(Optional.of(held), renewed.toJson());
    if (written.isPresent()) {
      info = renewed;
      version = written.get();
      return;
    }
    version = null;
    Optional<Version> winner = object.read();
    if (winner.isEmpty()) {
      throw new IOException(object.name() + ": the lease is lost: somebody has deleted it");
    }
    throw new LeaseHeldException(
        object.name(), "the lease is lost to ", parse(object, winner.get()));
  }

  /**
   * Gives the lease up, so that others need not wait until it is over; does nothing if it was
   * released or lost.
   *
   * @throws IOException if the store fails; the lease is over after its time then
   */
  @Override
  public synchronized void close() throws IOException {
    Version held = version;
    version = null;
    if (held != null) {
      LeaseInfo released = new LeaseInfo(info.generation(), info.owner(), LeaseInfo.RELEASED);
      // Not as expected means that somebody else has it, who may keep it.
      object.replace(Optional.of(held), released.toJson());
    }
  }

  @Override
  public synchronized String toString() {
    return object.name() + " held by " + info.owner() + ", generation " + info.generation();
  }
}
