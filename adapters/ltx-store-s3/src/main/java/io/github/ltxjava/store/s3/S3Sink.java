package io.github.ltxjava.store.s3;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object that is being written: by one request if it fits into a part, and in parts if not, of
 * which some are sent while the next one is filled.
 *
 * <p>Parts double in size after each thousand, which lets 10,000 of them hold 3 TiB. As they grow,
 * fewer are sent at once.
 */
final class S3Sink implements ByteSink {

  private static final int PARTS_OF_ONE_SIZE = 1000;

  private static final int FIRST_BUFFER = 64 << 10;
  static final int MAX_PARTS = 10_000;

  private final S3Objects objects;
  private final Creation creation;
  private final String key;
  private final Map<String, String> headers;
  private final String writer;
  private final int firstPartSize;
  private final int concurrency;
  private final SortedMap<Integer, Parallel.Task<String>> sending = new TreeMap<>();
  private final SortedMap<Integer, String> sent = new TreeMap<>();
  private byte[] buffer;
  private int filled;
  private int parts;
  private @Nullable String uploadId;
  private boolean open = true;
  private @Nullable Spool spool;

  S3Sink(S3Objects objects, Creation creation, String key, Map<String, String> headers) {
    this.objects = objects;
    this.creation = creation;
    this.key = key;
    this.writer = creation.newWriter();
    this.headers = new TreeMap<>(headers);
    this.headers.put(S3Objects.WRITER, writer);
    S3Options options = objects.client().options();
    this.firstPartSize = options.partSize.orElse(objects.client().provider().partSize());
    this.concurrency = options.concurrency.orElse(objects.client().provider().concurrency());
    this.buffer = new byte[Math.min(FIRST_BUFFER, firstPartSize)];
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    requireOpen();
    while (bytes.hasRemaining()) {
      int partSize = partSize(parts + 1);
      if (filled == partSize) {
        passOn();
        continue;
      }
      if (filled == buffer.length) {
        buffer = Arrays.copyOf(buffer, (int) Math.min(partSize, 2L * buffer.length));
      }
      int count = Math.min(bytes.remaining(), buffer.length - filled);
      bytes.get(buffer, filled, count);
      filled += count;
    }
  }

  private int partSize(int number) {
    return objects.client().provider().wantsEqualParts()
        ? firstPartSize
        : partSize(firstPartSize, number);
  }

  static int partSize(int first, int number) {
    long size = (long) first << Math.min(20, (number - 1) / PARTS_OF_ONE_SIZE);
    return (int) Math.min(size, S3Options.MAX_PART_SIZE);
  }

  /** Makes room for more than one part. */
  private void passOn() throws IOException {
    ConditionalWrites conditions = creation.conditions();
    if (conditions.create() && !conditions.complete()) {
      // What is sent in parts could not be kept from replacing another file; one request can.
      if (spool == null) {
        spool = Spool.create();
      }
      spool.write(buffer, filled);
      filled = 0;
      return;
    }
    sendPart();
  }

  /** Hands a full buffer to a thread that sends it, and waits if too many are on their way. */
  private void sendPart() throws IOException {
    if (parts == MAX_PARTS) {
      throw new IOException(name() + ": more than " + MAX_PARTS + " parts; make them larger");
    }
    if (uploadId == null) {
      uploadId = creation.uploads().create(key, headers);
    }
    int number = ++parts;
    String upload = uploadId;
    Payload payload = Payload.of(buffer, filled);
    // The memory in use stays about that of the first parts, however large parts become.
    int growth = Math.max(1, buffer.length / firstPartSize);
    int atOnce = Math.max(1, concurrency / growth);
    while (sending.size() >= atOnce) {
      await(sending.firstKey());
    }
    sending.put(
        number, Parallel.submit(() -> creation.uploads().sendPart(key, upload, number, payload)));
    buffer = new byte[Math.min(FIRST_BUFFER, partSize(parts + 1))];
    filled = 0;
  }

  private void await(int number) throws IOException {
    Parallel.Task<String> part = sending.get(number);
    if (part == null) {
      return;
    }
    sent.put(number, part.result());
    sending.remove(number);
  }

  @Override
  public void commit() throws IOException {
    requireOpen();
    open = false;
    Spool spooled = spool;
    if (spooled != null) {
      spooled.write(buffer, filled);
      creation.create(key, spooled.finish(), headers, writer);
    } else if (uploadId == null) {
      creation.create(key, Payload.of(buffer, filled), headers, writer);
    } else {
      if (filled > 0) {
        sendPart();
      }
      while (!sending.isEmpty()) {
        await(sending.firstKey());
      }
      creation.complete(key, uploadId, sent, writer);
      uploadId = null;
    }
  }

  @Override
  public void close() throws IOException {
    open = false;
    buffer = new byte[0];
    Spool spooled = spool;
    spool = null;
    if (spooled != null) {
      spooled.close();
    }
    String upload = uploadId;
    uploadId = null;
    if (upload != null) {
      // A part that arrives after the abort would stay for ever.
      sending.values().forEach(part -> part.cancel(true));
      for (Parallel.Task<String> part : sending.values()) {
        part.settle();
      }
      sending.clear();
      creation.uploads().abort(key, upload);
    }
  }

  @Override
  public String name() {
    return objects.client().nameOf(key);
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("committed or closed: " + name());
    }
  }
}
