package io.github.ltxjava.replica;

import java.util.concurrent.ArrayBlockingQueue;

/** A few large buffers that all replicas of the process share, since few capture at once. */
final class Buffers {

  /** Of so many bytes of a WAL pages are not read twice; more than the largest frame. */
  static final int SIZE = 1 << 20;

  private static final ArrayBlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(8);

  private Buffers() {}

  static byte[] take() {
    byte[] buffer = FREE.poll();
    return buffer == null ? new byte[SIZE] : buffer;
  }

  static void giveBack(byte[] buffer) {
    // If there are enough, this one is garbage.
    boolean kept = FREE.offer(buffer);
    assert kept || FREE.remainingCapacity() == 0;
  }
}
