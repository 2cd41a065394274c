package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a replica is doing, at one moment.
 *
 * @param state what it does
 * @param txid the newest transaction captured; empty until there is one
 * @param walFrames frames of the WAL that are captured and not started over yet
 * @param walBytes bytes of the WAL captured since the start
 * @param problem why capturing fails at present; empty if it does not
 * @param stores how each store is doing
 */
public record ReplicaStatus(
    State state,
    Optional<Txid> txid,
    int walFrames,
    long walBytes,
    Optional<String> problem,
    List<StoreStatus> stores) {

  /** What a replica or one of its stores does. */
  public enum State {
    /** It finds out where to go on. */
    STARTING,
    /** It follows the database. */
    RUNNING,
    /** It fails, and tries again; the problem says why. */
    FAILING,
    /** Another writer is at work in the store; nothing is written there any more. */
    FENCED,
    /** It is closed. */
    CLOSED
  }

  /**
   * How a store is doing.
   *
   * @param name the name that it was given
   * @param state what it does
   * @param txid the newest transaction in it
   * @param lagTransactions how many transactions it is behind
   * @param lagBytes bytes of the files that it lacks
   * @param lag how long ago the first of these was captured
   * @param newestSnapshot when the newest snapshot was made; empty if there is none
   * @param levels what each level holds; levels without files are left out
   * @param requests what was asked of it since the start
   * @param problem why it fails at present, or was fenced; empty otherwise
   */
  public record StoreStatus(
      String name,
      State state,
      Optional<Txid> txid,
      long lagTransactions,
      long lagBytes,
      Duration lag,
      Optional<Instant> newestSnapshot,
      List<LevelStatus> levels,
      RequestCounts requests,
      Optional<String> problem) {}

  /**
   * What a level of a store holds.
   *
   * @param level 0 to 9
   * @param files how many files
   * @param bytes how long they are together
   */
  public record LevelStatus(int level, int files, long bytes) {}
}
