package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A header is refused, or it is one that can be written again as it was. */
class HeaderFuzzTest {

  @FuzzTest
  void header(byte[] data) throws IOException {
    for (Layout layout : Layout.values()) {
      ReadOptions told = ReadOptions.DEFAULT.withLayout(layout);
      try (LtxReader reader = LtxReader.open(ByteSource.of("input", ByteBuffer.wrap(data)), told)) {
        LtxHeader header = reader.header();
        byte[] again = new byte[LtxHeader.SIZE];
        HeaderLayout.encode(header, layout, again);
        int end = HeaderLayout.RESERVED_OFFSET;
        if (layout != Layout.V1_LZ4 || (data[7] & HeaderLayout.FLAG_COMPRESSED) != 0) {
          assertThat(Arrays.copyOf(again, end)).isEqualTo(Arrays.copyOf(data, end));
        }
        assertThat(header.toString()).isNotEmpty();
      } catch (LtxFormatException e) {
        assertThat(e.offset()).isBetween(0L, (long) data.length);
      }
    }
  }
}
