package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseDiffTest {

  private static final int PAGE_SIZE = 512;
  private static final TxidRange TXIDS = TxidRange.of(Txid.of(2));

  @Test
  void onlyThePagesThatDifferAreWritten() throws IOException {
    ByteSource before = source(1, 2, 3);
    ByteSource after = source(1, 9, 3, 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    DatabaseDiff.between(before, after, PAGE_SIZE).writeTo(TXIDS, ByteSink.to(out));

    try (LtxReader reader =
        LtxReader.open(ByteSource.of("delta", ByteBuffer.wrap(out.toByteArray())))) {
      List<Long> pages = new ArrayList<>();
      while (reader.next()) {
        pages.add(reader.pageNumber());
      }
      assertThat(pages).containsExactly(2L, 4L);
      assertThat(reader.header().preApply()).contains(checksum(before));
      assertThat(reader.trailer().postApply()).contains(checksum(after));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -512, 1000, 131_072})
  void aPageSizeThatNoDatabaseHasIsAMisuse(int pageSize) {
    assertThatThrownBy(() -> DatabaseDiff.between(source(1), source(2), pageSize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("page size " + pageSize);
  }

  private static Checksum checksum(ByteSource database) throws IOException {
    return DatabaseChecksum.of(database, PAGE_SIZE);
  }

  /** A database with a page full of each of these bytes. */
  private static ByteSource source(int... bytes) {
    ByteBuffer pages = ByteBuffer.allocate(bytes.length * PAGE_SIZE);
    for (int value : bytes) {
      for (int i = 0; i < PAGE_SIZE; i++) {
        pages.put((byte) value);
      }
    }
    return ByteSource.of("database", pages.flip());
  }
}
