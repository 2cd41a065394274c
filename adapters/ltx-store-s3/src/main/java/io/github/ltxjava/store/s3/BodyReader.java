package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, pulled by the thread that wants it, which waits for a while at each step
 * and not for the whole. The JDK's own stream waits for ever when a server stops sending.
 *
 * <p>At most two of the client's buffers lie here at a time: the next is asked for when one is
 * taken. Everything but the subscriber's methods belongs to one thread at a time.
 */
final class BodyReader implements BodySubscriber<BodyReader> {

  /** A new connection costs more than receiving this much. */
  private static final long MAX_DISCARDED = 128 << 10;

  private sealed interface Event {
    record Bytes(List<ByteBuffer> buffers) implements Event {}

    record Failed(Throwable cause) implements Event {}

    record Ended() implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Duration stallTimeout;
  private final Queue<ByteBuffer> buffers = new ArrayDeque<>();
  private volatile @Nullable Subscription subscription;
  private volatile boolean discarding;
  private @Nullable IOException failure;
  private boolean ended;

  BodyReader(Duration stallTimeout) {
    this.stallTimeout = stallTimeout;
  }

  /** At once, so that the head of the answer is there before its body. */
  @Override
  public CompletionStage<BodyReader> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    if (!discarding) {
      events.add(new Event.Bytes(item));
    }
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Event.Failed(cause));
  }

  @Override
  public void onComplete() {
    events.add(new Event.Ended());
  }

  /**
   * Reads some bytes into the buffer, which has room.
   *
   * @return how many, or -1 at the end of the body
   * @throws HttpTimeoutException if nothing comes for a while
   */
  int read(ByteBuffer target) throws IOException {
    while (true) {
      ByteBuffer next = buffers.peek();
      if (next == null) {
        if (!await()) {
          return -1;
        }
      } else if (!next.hasRemaining()) {
        buffers.remove();
      } else {
        int count = Math.min(next.remaining(), target.remaining());
        target.put(next.duplicate().limit(next.position() + count));
        next.position(next.position() + count);
        return count;
      }
    }
  }

  /** Waits for the next event; returns false at the end. */
  private boolean await() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (ended) {
      return false;
    }
    Event event;
    try {
      event = events.poll(stallTimeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw fail(new InterruptedIOException("interrupted while reading an answer"));
    }
    if (event == null) {
      close();
      throw fail(
          new HttpTimeoutException("nothing received for " + stallTimeout.toMillis() + " ms"));
    }
    if (event instanceof Event.Bytes bytes) {
      buffers.addAll(bytes.buffers());
      Subscription source = subscription;
      if (source != null) {
        source.request(1);
      }
    } else if (event instanceof Event.Failed failed) {
      throw fail(
          new IOException("the answer was cut: " + failed.cause().getMessage(), failed.cause()));
    } else {
      ended = true;
    }
    return true;
  }

  private IOException fail(IOException e) {
    failure = e;
    return e;
  }

  /**
   * Reads all that is left.
   *
   * @throws IOException if that is more than {@code limit} bytes
   */
  byte[] readAll(int limit) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.min(limit, 4096) + 1);
    while (read(bytes) >= 0) {
      if (bytes.position() > limit) {
        close();
        throw fail(new IOException("an answer of more than " + limit + " bytes"));
      }
      if (!bytes.hasRemaining()) {
        int larger = (int) Math.min(2L * bytes.capacity(), limit + 1L);
        bytes = ByteBuffer.allocate(larger).put(bytes.flip());
      }
    }
    byte[] result = new byte[bytes.flip().remaining()];
    bytes.get(result);
    return result;
  }

  /**
   * Like {@link #close}, but lets the rest come and go if it is little, so that the connection can
   * be used again. Waits for nothing.
   *
   * @param rest how many bytes the server still sends
   */
  void closeAfter(long rest) {
    Subscription source = subscription;
    if (rest > MAX_DISCARDED || source == null || failure != null) {
      close();
    } else if (!ended) {
      discarding = true;
      source.request(Long.MAX_VALUE);
    }
  }

  /** Tells the server to stop, unless it has sent everything; the connection is lost then. */
  void close() {
    Subscription source = subscription;
    if (!ended && source != null) {
      source.cancel();
    }
  }
}
