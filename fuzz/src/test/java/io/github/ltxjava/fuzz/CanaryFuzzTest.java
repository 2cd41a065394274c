package io.github.ltxjava.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A planted bug, to prove that fuzzing finds bugs: if it is not found, the smoke fails. Its seeds
 * do not trigger it, so replaying them passes.
 */
class CanaryFuzzTest {

  /** What the smoke looks for in the output. */
  static final String SONG = "the canary sings";

  @FuzzTest
  void canary(byte[] data) throws IOException {
    try (LtxReader reader = LtxReader.open(ByteSource.of("input", ByteBuffer.wrap(data)))) {
      LtxHeader header = reader.header();
      // Compared as it stands in the file, so that the fuzzer sees what is missing.
      if ((int) header.commit() == 0x00C0_FFEE) {
        throw new IllegalStateException(SONG);
      }
    } catch (LtxFormatException e) {
      // Damaged input is nothing to sing about.
      if (e.getMessage() == null) {
        throw new AssertionError(e);
      }
    }
  }
}
