package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class HashesTest {

  @Test
  void theCheckValueIsThePublishedOne() {
    byte[] check = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Hashes.crc64(0, check)).isEqualTo(0xb90956c775a41001L);
    assertThat(Hashes.crc64(0, new byte[0])).isZero();
  }

  @Test
  void aSumGoesOnWhereItStopped() {
    byte[] bytes = new byte[100];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37);
    }
    long whole = Hashes.crc64(0, bytes);
    for (int cut = 0; cut <= bytes.length; cut++) {
      long first = Hashes.crc64(0, Arrays.copyOf(bytes, cut));
      byte[] rest = Arrays.copyOfRange(bytes, cut, bytes.length);
      assertThat(Hashes.crc64(first, rest)).isEqualTo(whole);
    }
  }
}
