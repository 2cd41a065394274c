package io.github.ltxjava.internal.lz4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.support.Lz4Maker;
import io.github.ltxjava.support.Pages;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The decoder takes what the LZ4 library takes, if a second look at the tokens finds nothing that
 * the library should have refused.
 */
class BlockDecoderTest {

  private static final LZ4SafeDecompressor NATIVE = LZ4Factory.nativeInstance().safeDecompressor();
  private static final byte GUARD = 0x5A;
  private static final int BEFORE = 3;
  private static final int BEHIND = 40;

  /** How many random blocks each property looks at; more for a long run by hand. */
  private static final int BLOCKS = Integer.getInteger("lz4.blocks", 20_000);

  @Test
  void blocksOfACompressorAreTakenWithinTheirLimitOnly() {
    for (int length : new int[] {1, 4, 5, 12, 13, 64, 100, 512, 4096, 65_536}) {
      for (int seed = 0; seed < 8; seed++) {
        byte[] content = Pages.mixed(length, seed);
        byte[] block = new byte[Lz4.maxBlockSize(length)];
        int size = Lz4.compress(content, 0, length, block, 0);
        for (int limit : new int[] {length, length + 1, length + 100, length - 1, length / 2, 0}) {
          assertSameAsTwin(block, 0, size, limit);
        }
      }
    }
  }

  @Test
  void aBlockCutAnywhereIsTreatedAsByTheTwin() {
    for (int seed = 0; seed < 6; seed++) {
      byte[] block = block(Pages.mixed(1500, seed), new SplittableRandom(seed));
      for (int length = 0; length <= block.length; length++) {
        assertSameAsTwin(block, 0, length, 1500);
      }
    }
  }

  @Test
  void aBlockWithAnyBitFlippedIsTreatedAsByTheTwin() {
    for (int seed = 0; seed < 3; seed++) {
      byte[] content = Pages.text(600, seed);
      byte[] block = new byte[Lz4.maxBlockSize(600)];
      int size = Lz4.compress(content, 0, 600, block, 0);
      for (int bit = 0; bit < 8 * size; bit++) {
        block[bit / 8] ^= (byte) (1 << bit % 8);
        assertSameAsTwin(block, 0, size, 600);
        block[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void damagedBlocksAreTreatedAsByTheTwin() {
    SplittableRandom random = new SplittableRandom(1);
    int taken = 0;
    for (int i = 0; i < BLOCKS; i++) {
      byte[] block = block(Pages.mixed(1 + random.nextInt(900), i), random);
      int changes = 1 + random.nextInt(3);
      for (int change = 0; change < changes; change++) {
        damage(block, random);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(block.length + 1) : block.length;
      taken += assertSameAsTwin(block, 0, length, 1 + random.nextInt(1000)) < 0 ? 0 : 1;
    }
    assertThat(taken).as("blocks taken").isBetween(BLOCKS / 10, BLOCKS * 9 / 10);
  }

  private static void damage(byte[] block, SplittableRandom random) {
    int at = random.nextInt(block.length);
    if (random.nextInt(3) == 0) {
      // Most rules are about how a block ends.
      at = Math.max(0, block.length - 1 - random.nextInt(20));
    }
    switch (random.nextInt(5)) {
      case 0 -> block[at] = 0;
      case 1 -> block[at] = -1;
      case 2 -> block[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> block[at] += (byte) (random.nextInt(5) - 2);
      default -> block[at] = (byte) random.nextInt();
    }
  }

  /** Sequences that a compressor would not choose: what they say, and where they end, varies. */
  @Test
  void arbitrarySequencesAreTreatedAsByTheTwin() {
    SplittableRandom random = new SplittableRandom(2);
    int taken = 0;
    for (int i = 0; i < BLOCKS; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] literals = Pages.random(300, i);
      int given = 0;
      int sequences = random.nextInt(12);
      for (int s = 0; s < sequences; s++) {
        int count = length(random, 0);
        int match = length(random, 4);
        int distance = 1 + random.nextInt(Math.max(1, Math.min(given + count, 20)));
        if (random.nextInt(4) == 0) {
          distance = 1 + random.nextInt(Math.max(1, given + count));
        }
        Lz4Maker.sequence(out, literals, 0, count, distance, match);
        given += count + match;
      }
      int last = random.nextInt(3) == 0 ? length(random, 0) : random.nextInt(9);
      Lz4Maker.sequence(out, literals, 0, last, 0, 0);
      given += last;
      byte[] block = out.toByteArray();
      int limit = Math.max(0, given - 1 + random.nextInt(3) + random.nextInt(2) * 20);
      taken += assertSameAsTwin(block, 0, block.length, limit) < 0 ? 0 : 1;
    }
    assertThat(taken).as("blocks taken").isBetween(BLOCKS / 10, BLOCKS * 9 / 10);
  }

  private static int length(SplittableRandom random, int least) {
    return least
        + switch (random.nextInt(8)) {
          case 0 -> 11 + random.nextInt(8);
          case 1 -> random.nextInt(80);
          case 2 -> 250 + random.nextInt(50);
          default -> random.nextInt(16);
        };
  }

  @Property(tries = 2000)
  void noiseIsTreatedAsByTheTwin(
      @ForAll byte[] noise, @ForAll @IntRange(min = 0, max = 600) int limit) {
    assertSameAsTwin(noise, 0, noise.length, limit);
  }

  @Test
  void lengthsThatOverflowAreRefused() {
    for (int size : new int[] {100, 70_000, 9_000_000}) {
      byte[] block = new byte[size];
      Arrays.fill(block, (byte) 0xFF);
      assertThat(decode(block, 4096)).isEqualTo(-1);
      byte[] match = block.clone();
      match[0] = 0x1F;
      match[1] = 7;
      match[2] = 1;
      match[3] = 0;
      assertThat(decode(match, 4096)).isEqualTo(-1);
      assertThat(decode(match, 1 << 20)).isEqualTo(-1);
    }
  }

  @Test
  void aDistanceOfZeroIsRefusedWhateverTheRoom() {
    for (int literals : new int[] {1, 14, 15, 40, 300}) {
      for (int match : new int[] {4, 16, 18, 19, 400}) {
        for (int last : new int[] {5, 12, 100}) {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          Lz4Maker.sequence(out, new byte[300], 0, literals, 0, match);
          Lz4Maker.sequence(out, new byte[300], 0, last, 0, 0);
          byte[] block = out.toByteArray();
          assertThat(NATIVE.decompress(block, new byte[1000])).isPositive();
          assertThat(decode(block, 1000)).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void aMatchLengthInTheLastSequenceIsRefused() {
    for (int last : new int[] {5, 14, 15, 100, 300}) {
      for (int match = 1; match < 16; match++) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Lz4Maker.sequence(out, new byte[300], 0, last, 0, 0);
        byte[] block = out.toByteArray();
        assertThat(decode(block, 300)).isEqualTo(last);
        block[0] |= (byte) match;
        assertThat(NATIVE.decompress(block, new byte[300])).isEqualTo(last);
        assertThat(decode(block, 300)).isEqualTo(-1);
      }
    }
  }

  @Test
  void rangesOutsideTheArraysAreMisuse() {
    byte[] bytes = new byte[10];
    int[][] ranges = {{0, 11, 0, 10}, {-1, 5, 0, 10}, {0, 10, 5, 6}, {0, 10, 0, -1}, {0, -1, 0, 5}};
    for (int[] range : ranges) {
      assertThatThrownBy(
              () -> BlockDecoder.decode(bytes, range[0], range[1], bytes, range[2], range[3]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private static int decode(byte[] block, int limit) {
    return BlockDecoder.decode(block, 0, block.length, new byte[limit], 0, limit);
  }

  /** A block of the content by one of the compressors. */
  private static byte[] block(byte[] content, SplittableRandom random) {
    if (random.nextBoolean()) {
      return Lz4Maker.block(content);
    }
    byte[] block = new byte[Lz4.maxBlockSize(content.length)];
    return Arrays.copyOf(block, Lz4.compress(content, 0, content.length, block, 0));
  }

  /** Decompresses in the middle of larger arrays and compares all of it; returns what was given. */
  private static int assertSameAsTwin(byte[] block, int offset, int length, int limit) {
    byte[] source = new byte[length + 20];
    Arrays.fill(source, GUARD);
    System.arraycopy(block, offset, source, 7, length);
    byte[] expected = new byte[limit];
    int given = twin(source, 7, length, expected, limit);
    byte[] target = new byte[BEFORE + limit + BEHIND];
    Arrays.fill(target, GUARD);
    int found = BlockDecoder.decode(source, 7, length, target, BEFORE, limit);
    if (found != given
        || !Arrays.equals(
            target, BEFORE, BEFORE + Math.max(0, found), expected, 0, Math.max(0, given))) {
      throw new AssertionError(
          "gave "
              + found
              + ", the twin "
              + given
              + ", within "
              + limit
              + ", of "
              + Arrays.toString(block));
    }
    for (int i = 0; i < target.length; i++) {
      boolean outside = i < BEFORE || i >= BEFORE + limit;
      if (outside && target[i] != GUARD) {
        throw new AssertionError("wrote outside of the limit, at " + (i - BEFORE));
      }
    }
    return found;
  }

  /** The library, and a second look at the tokens of what it took. */
  private static int twin(byte[] source, int offset, int length, byte[] target, int limit) {
    try {
      int given = NATIVE.decompress(source, offset, length, target, 0, limit);
      return isStrict(source, offset, offset + length) ? given : -1;
    } catch (LZ4Exception e) {
      return -1;
    }
  }

  private static boolean isStrict(byte[] source, int from, int to) {
    int in = from;
    while (in < to) {
      int token = source[in++] & 0xFF;
      int literals = token >>> 4;
      if (literals == 0xF) {
        int next;
        do {
          next = source[in++] & 0xFF;
          literals += next;
        } while (next == 0xFF);
      }
      in += literals;
      if (in >= to) {
        return (token & 0xF) == 0;
      }
      if (source[in] == 0 && source[in + 1] == 0) {
        return false;
      }
      in += 2;
      if ((token & 0xF) == 0xF) {
        while (source[in++] == -1) {
          // The length goes on.
        }
      }
    }
    return false;
  }
}
