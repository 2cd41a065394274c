package io.github.ltxjava.replica;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A database as the obvious thing: an array of bytes that files are applied to. */
final class Image {

  private byte[] bytes;

  Image(ByteSource state) throws IOException {
    bytes = new byte[Math.toIntExact(state.size())];
    int piece = 64 << 10;
    for (int at = 0; at < bytes.length; at += piece) {
      state.readFully(at, ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
    }
  }

  void apply(Path file) throws IOException {
    try (LtxReader reader = LtxReader.open(ByteSource.open(file))) {
      LtxHeader header = reader.header();
      bytes = Arrays.copyOf(bytes, Math.toIntExact(header.commit() * header.pageSize()));
      while (reader.next()) {
        reader
            .page()
            .get(bytes, (int) (reader.pageNumber() - 1) * header.pageSize(), header.pageSize());
      }
    }
  }

  /** Applies the captured files between two transactions, the first one excluded. */
  void apply(LocalFolder local, Txid after, Txid last) throws IOException {
    for (long txid = after.value() + 1; txid <= last.value(); txid++) {
      apply(local.path(Txid.of(txid)));
    }
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes);
  }
}
