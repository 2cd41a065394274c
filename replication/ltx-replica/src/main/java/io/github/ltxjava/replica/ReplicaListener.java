package io.github.ltxjava.replica;

/**
 * Is told what happens, on the thread on which it happens: return soon, and throw nothing. Several
 * threads may call at once.
 */
@FunctionalInterface
public interface ReplicaListener {

  /** Takes note of an event. */
  void on(ReplicaEvent event);
}
