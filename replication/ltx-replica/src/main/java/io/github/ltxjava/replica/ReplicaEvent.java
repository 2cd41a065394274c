package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.policy.CompactionJob;
import io.github.ltxjava.store.LtxFileInfo;

/** Something that happened to a replica. */
public sealed interface ReplicaEvent {

  /**
   * Transactions were captured.
   *
   * @param txid the newest of them
   */
  record Captured(Txid txid) implements ReplicaEvent {}

  /**
   * Transactions were missed, or others wrote to the stores before, so that all pages had to be
   * captured.
   *
   * @param txid the transaction that holds all pages
   * @param reason what was missed
   */
  record AllPagesCaptured(Txid txid, String reason) implements ReplicaEvent {}

  /**
   * The WAL was checkpointed.
   *
   * @param complete whether the next writer can start it over
   */
  record Checkpointed(boolean complete) implements ReplicaEvent {}

  /**
   * A file is in a store.
   *
   * @param store its name
   * @param file level 0, or a snapshot
   */
  record Uploaded(String store, LtxFileInfo file) implements ReplicaEvent {}

  /**
   * Files of a store were merged or deleted.
   *
   * @param store its name
   * @param job what was done
   */
  record Compacted(String store, CompactionJob job) implements ReplicaEvent {}

  /**
   * Something failed and is tried again.
   *
   * @param where the database's path, or the name of a store
   * @param failure why
   * @param attempts how often it failed in a row
   */
  record Retrying(String where, Exception failure, int attempts) implements ReplicaEvent {}

  /**
   * Another writer is at work in a store; this replica writes nothing to it any more.
   *
   * @param store its name
   * @param failure who it is, as far as can be told
   */
  record Fenced(String store, FencedException failure) implements ReplicaEvent {}
}
