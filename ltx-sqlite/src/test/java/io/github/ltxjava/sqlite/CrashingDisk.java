package io.github.ltxjava.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A disk whose n-th operation fails, and then either works again (an I/O error), or not: the
 * process was killed, or the power failed.
 *
 * <p>After a power failure, of what was not forced any part may be there or not, in pieces of a
 * sector; so may creations, deletions and renames in a folder that was not forced.
 */
final class CrashingDisk implements Disk {

  enum Kind {
    IO_ERROR,
    KILLED,
    POWER_FAILURE
  }

  private static final int SECTOR = 512;

  private final Kind kind;
  private final Random random;
  private int remaining;
  private boolean failed;
  private final Map<Path, State> files = new LinkedHashMap<>();
  private Path movedFrom = Path.of("");
  private Path movedTo = Path.of("");

  CrashingDisk(Kind kind, int operations, long seed) {
    this.kind = kind;
    this.remaining = operations;
    // The first bits of neighbouring seeds are the same without this.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  boolean hasFailed() {
    return failed;
  }

  /** Leaves the files as the failure does. */
  void crash() throws IOException {
    if (kind != Kind.POWER_FAILURE) {
      return;
    }
    if (!movedTo.toString().isEmpty() && random.nextBoolean()) {
      Files.move(movedTo, movedFrom);
    }
    for (Map.Entry<Path, State> entry : files.entrySet()) {
      State state = entry.getValue();
      Path path = entry.getKey();
      boolean there = state.exists == state.existsDurably ? state.exists : random.nextBoolean();
      if (path.equals(movedFrom) && !Files.exists(path)) {
        path = movedTo;
        there = true;
      }
      if (there) {
        Files.write(path, state.afterPowerFailure(random));
      } else {
        Files.deleteIfExists(path);
      }
    }
  }

  private void step() throws IOException {
    boolean dead = failed && kind != Kind.IO_ERROR;
    if (dead || remaining-- == 0) {
      failed = true;
      throw new IOException("simulated failure");
    }
  }

  private State state(Path path) throws IOException {
    State state = files.get(path);
    if (state == null) {
      state = new State();
      if (Files.exists(path)) {
        state.durable = Files.readAllBytes(path);
        state.exists = true;
        state.existsDurably = true;
      }
      files.put(path, state);
    }
    return state;
  }

  @Override
  public DiskFile use(Path path, FileChannel channel) {
    try {
      // Not state(path): opening the file again and closing it would drop the locks.
      State state = new State();
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      channel.read(bytes, 0);
      state.durable = bytes.array();
      state.exists = true;
      state.existsDurably = true;
      files.put(path, state);
      return new CrashingFile(REAL.use(path, channel), state);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    step();
    return new CrashingFile(REAL.open(path), state(path));
  }

  @Override
  public DiskFile create(Path path) throws IOException {
    step();
    State state = state(path);
    state.exists = true;
    state.pending.add(new Change(0, null));
    return new CrashingFile(REAL.create(path), state);
  }

  @Override
  public void delete(Path path) throws IOException {
    step();
    state(path).exists = false;
    REAL.delete(path);
  }

  @Override
  public void moveIfAbsent(Path from, Path to) throws IOException {
    step();
    REAL.moveIfAbsent(from, to);
    movedFrom = from;
    movedTo = to;
  }

  @Override
  public void forceFolderOf(Path file) throws IOException {
    step();
    REAL.forceFolderOf(file);
    for (State state : files.values()) {
      state.existsDurably = state.exists;
    }
    if (!movedTo.toString().isEmpty()) {
      files.remove(movedFrom);
      movedFrom = Path.of("");
      movedTo = Path.of("");
    }
  }

  /** A write, or a cut where there are no bytes. */
  private record Change(long position, byte[] bytes) {}

  /** What is on the disk for sure, and what may be. */
  private static final class State {
    byte[] durable = new byte[0];
    final List<Change> pending = new ArrayList<>();
    boolean exists;
    boolean existsDurably;

    byte[] afterPowerFailure(Random random) {
      byte[] content = durable;
      for (Change change : pending) {
        content = random.nextBoolean() ? apply(content, change) : content;
      }
      return content;
    }

    void force() {
      for (Change change : pending) {
        durable = apply(durable, change);
      }
      pending.clear();
    }

    private static byte[] apply(byte[] content, Change change) {
      if (change.bytes == null) {
        return Arrays.copyOf(content, (int) Math.min(content.length, change.position));
      }
      int end = (int) change.position + change.bytes.length;
      byte[] result = Arrays.copyOf(content, Math.max(content.length, end));
      System.arraycopy(change.bytes, 0, result, (int) change.position, change.bytes.length);
      return result;
    }
  }

  private final class CrashingFile implements DiskFile {
    private final DiskFile file;
    private final State state;

    CrashingFile(DiskFile file, State state) {
      this.file = file;
      this.state = state;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      file.read(position, target);
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
      boolean fails = remaining == 0;
      ByteBuffer written = bytes.duplicate();
      if (fails && bytes.remaining() > 1) {
        // A part of it is written all the same.
        written.limit(written.position() + random.nextInt(written.remaining()));
      }
      if (!failed || kind == Kind.IO_ERROR) {
        remember(position, written.duplicate());
        file.write(position, written);
      }
      step();
      bytes.position(bytes.limit());
    }

    private void remember(long position, ByteBuffer bytes) {
      long at = position;
      while (bytes.hasRemaining()) {
        byte[] piece = new byte[(int) Math.min(bytes.remaining(), SECTOR - at % SECTOR)];
        bytes.get(piece);
        state.pending.add(new Change(at, piece));
        at += piece.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      step();
      file.truncate(size);
      state.pending.add(new Change(size, null));
    }

    @Override
    public void force() throws IOException {
      step();
      file.force();
      state.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
