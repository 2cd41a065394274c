package io.github.ltxjava.store.s3;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.s3.S3Objects.Head;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An object read by ranges. A read here and there costs its range. Reads that follow each other are
 * served from one answer, of a range that doubles each time, so that reading a whole object front
 * to back costs few requests.
 *
 * <p>An answer that is cut is continued by another, as long as that brings the reader on. All
 * answers have to be of the same object: the first one's ETag is asked for in the others.
 */
final class S3Source implements ByteSource {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
  private static final int FIRST_WINDOW = 256 << 10;
  private static final int LAST_WINDOW = 8 << 20;

  /** Less than this from an answer does not count as progress. */
  private static final int MIN_PROGRESS = 4096;

  private final S3Objects objects;
  private final String key;
  private final AtomicReference<@Nullable Stream> idle = new AtomicReference<>();
  private volatile long size;
  private volatile Optional<String> etag = Optional.empty();
  private volatile long expectedNext = -1;
  private volatile int window = FIRST_WINDOW;
  private volatile boolean closed;

  /** An answer that is being read. */
  private static final class Stream {
    private final BodyReader body;
    private long position;
    private final long end;

    /** Whether the server may send more than was asked for, which nobody will take. */
    private final boolean surplus;

    Stream(BodyReader body, long position, long end, boolean surplus) {
      this.body = body;
      this.position = position;
      this.end = end;
      this.surplus = surplus;
    }
  }

  /** Reads an object whose size is known from its listing, or -1 if it is not. */
  S3Source(S3Objects objects, String key, long size) {
    this.objects = objects;
    this.key = key;
    this.size = size;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    if (size < 0) {
      Head head = objects.head(key).orElseThrow(() -> new NoSuchFileException(name()));
      if (head.size() < 0) {
        throw new IOException(name() + ": the server does not say how long it is");
      }
      size = head.size();
    }
    return size;
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    requireOpen();
    int length = target.remaining();
    if (length == 0) {
      return;
    }
    long end = size();
    if (position > end - length) {
      throw new EOFException(
          name() + ": " + length + " bytes at " + position + " are beyond its end, " + end);
    }
    boolean sequential = position == expectedNext;
    expectedNext = position + length;
    Stream stream = idle.getAndSet(null);
    if (stream != null && stream.position != position) {
      // Another thread's, perhaps, which comes back to it.
      keep(stream);
      stream = null;
    }
    keep(read(stream, position, sequential, target));
  }

  /** Tells how far to read from here on: what is wanted, and more if it will be wanted next. */
  private long endOf(long position, int wanted, boolean sequential) {
    long ahead = wanted;
    if (sequential) {
      ahead = Math.max(ahead, window);
      window = Math.min(LAST_WINDOW, 2 * window);
    }
    return Math.min(size, position + ahead);
  }

  /** Fills the target and returns the answer that it came from last. */
  private Stream read(@Nullable Stream from, long position, boolean sequential, ByteBuffer target)
      throws IOException {
    Stream stream = from;
    int fruitless = 0;
    long progress = 0;
    while (true) {
      try {
        if (stream == null) {
          stream = open(position, endOf(position, target.remaining(), sequential));
        }
        while (target.hasRemaining()) {
          int count = stream.position < stream.end ? stream.body.read(target) : -1;
          if (count < 0) {
            break;
          }
          stream.position += count;
          position += count;
          progress += count;
        }
        if (!target.hasRemaining()) {
          return stream;
        }
        if (stream.position < stream.end) {
          throw new IOException("the answer ended early");
        }
        // A window that ended within what is wanted now: go on with the next.
        close(stream);
        stream = null;
      } catch (InterruptedIOException | NoSuchFileException | S3Exception e) {
        close(stream);
        throw e;
      } catch (IOException e) {
        close(stream);
        boolean opened = stream != null;
        stream = null;
        fruitless = progress >= MIN_PROGRESS ? 1 : fruitless + 1;
        progress = 0;
        // What could not even be opened has been tried often enough by the client.
        if (!opened || fruitless >= objects.client().options().maxAttempts) {
          throw new IOException(name() + " at " + position + ": " + e.getMessage(), e);
        }
      }
    }
  }

  private static void close(@Nullable Stream stream) {
    if (stream == null) {
      return;
    }
    if (stream.surplus) {
      stream.body.close();
    } else {
      stream.body.closeAfter(stream.end - stream.position);
    }
  }

  private Stream open(long from, long to) throws IOException {
    Reply reply;
    try {
      reply = objects.get(key, from, to, etag);
    } catch (S3Exception e) {
      if (e.status() == 416) {
        throw changed("it is shorter than it was listed", e);
      } else if (e.status() == 412) {
        throw changed("it was replaced while it was read", e);
      }
      throw e;
    }
    boolean usable = false;
    try {
      if (reply.status() == 206) {
        checkRange(reply, from, to);
      } else {
        skip(reply.body(), from);
      }
      if (etag.isEmpty()) {
        etag = reply.optionalHeader("etag").filter(text -> text.startsWith("\""));
      }
      usable = true;
      boolean exact = reply.header("content-length").equals(Long.toString(to - from));
      return new Stream(reply.body(), from, to, !exact);
    } finally {
      if (!usable) {
        reply.body().close();
      }
    }
  }

  private void checkRange(Reply reply, long from, long to) throws S3Exception {
    String header = reply.header("content-range");
    Matcher range = CONTENT_RANGE.matcher(header);
    if (!range.matches()
        || Long.parseLong(range.group(1)) != from
        || Long.parseLong(range.group(2)) != to - 1) {
      throw new S3Exception(
          "GetObject " + name(), 206, "", "asked for " + from + "-" + (to - 1) + ", got " + header);
    }
    if (!range.group(3).equals("*") && Long.parseLong(range.group(3)) != size) {
      throw changed("it has " + range.group(3) + " bytes, and was listed with " + size, null);
    }
  }

  /** A server that does not know ranges sends everything. */
  private static void skip(BodyReader body, long count) throws IOException {
    ByteBuffer skipped = ByteBuffer.allocate(16 << 10);
    for (long left = count; left > 0; ) {
      skipped.clear().limit((int) Math.min(left, skipped.capacity()));
      int read = body.read(skipped);
      if (read < 0) {
        throw new IOException("the answer ended early");
      }
      left -= read;
    }
  }

  private S3Exception changed(String how, @Nullable S3Exception cause) {
    S3Exception changed =
        new S3Exception("GetObject " + name(), cause == null ? 206 : cause.status(), "", how);
    if (cause != null) {
      changed.initCause(cause);
    }
    return changed;
  }

  /** Keeps an answer that has more, for the next read. */
  private void keep(Stream stream) {
    if (stream.position >= stream.end) {
      if (stream.surplus) {
        close(stream);
      }
      return;
    }
    Stream other = idle.getAndSet(stream);
    close(other);
    if (closed) {
      close(idle.getAndSet(null));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("closed: " + name());
    }
  }

  @Override
  public String name() {
    return objects.client().nameOf(key);
  }

  @Override
  public void close() {
    closed = true;
    close(idle.getAndSet(null));
  }
}
