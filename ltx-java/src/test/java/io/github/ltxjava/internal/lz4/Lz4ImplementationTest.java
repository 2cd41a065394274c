package io.github.ltxjava.internal.lz4;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.support.ForkedJvm;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which LZ4 does the work, and that pure Java does it where the native library cannot load. */
class Lz4ImplementationTest {

  @TempDir Path folder;

  @Test
  void aCallerCanAskWhichIsInUse() {
    assertThat(PageCodec.lz4Implementation()).isIn("native", "java");
  }

  @Test
  void pureJavaServesWhereTheTemporaryFolderIsUnusable() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    ForkedJvm.Result result =
        new ForkedJvm().option("-Djava.io.tmpdir=" + notAFolder).run(Main.class, files());
    assertThat(result.output()).isEqualTo("java");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void pureJavaServesWhereItIsAskedFor() throws Exception {
    ForkedJvm.Result result =
        new ForkedJvm().option("-Dio.github.ltxjava.lz4=java").run(Main.class, files());
    assertThat(result.output()).isEqualTo("java");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void askingForTheNativeLibraryWhereItCannotLoadIsAnError() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    ForkedJvm.Result result =
        new ForkedJvm()
            .option("-Djava.io.tmpdir=" + notAFolder)
            .option("-Dio.github.ltxjava.lz4=native")
            .run(Main.class, files());
    assertThat(result.output()).contains("native LZ4 library cannot be loaded");
    assertThat(result.exitCode()).isNotZero();
  }

  @Test
  void anUnknownImplementationIsAnError() throws Exception {
    ForkedJvm.Result result =
        new ForkedJvm().option("-Dio.github.ltxjava.lz4=fast").run(Main.class, files());
    assertThat(result.output()).contains("io.github.ltxjava.lz4=fast");
    assertThat(result.exitCode()).isNotZero();
  }

  /** Files that this JVM wrote, for the other to read. */
  private String[] files() throws IOException {
    String[] files = new String[Layout.values().length];
    for (Layout layout : Layout.values()) {
      Path file = folder.resolve(layout + ".ltx");
      Files.write(file, write(layout));
      files[layout.ordinal()] = file.toString();
    }
    return files;
  }

  private static byte[] write(Layout layout) throws IOException {
    return Ltx.write(
        LtxHeader.snapshot(4096, 40, Txid.of(1)).build(),
        WriteOptions.DEFAULT.withLayout(layout),
        pages());
  }

  private static SortedMap<Long, byte[]> pages() {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long number = 1; number <= 40; number++) {
      pages.put(number, Pages.mixed(4096, number));
    }
    return pages;
  }

  /** Reads the other JVM's files, writes and reads its own, damages some, and says who did it. */
  public static final class Main {
    public static void main(String[] files) throws IOException {
      String implementation = PageCodec.lz4Implementation();
      for (String file : files) {
        check(Files.readAllBytes(Path.of(file)));
      }
      for (Layout layout : Layout.values()) {
        byte[] written = write(layout);
        check(written);
        for (int at = 0; at < written.length; at += 997) {
          byte[] damaged = written.clone();
          damaged[at] ^= 0x55;
          // A verdict, whatever it is; an exception would end the program.
          if (Ltx.verify(damaged, Depth.FULL, ReadOptions.DEFAULT).source().isEmpty()) {
            throw new AssertionError("a verdict names its source");
          }
        }
      }
      System.out.print(implementation);
    }

    private static void check(byte[] file) throws IOException {
      SortedMap<Long, byte[]> read = Ltx.read(file);
      if (!Arrays.deepEquals(read.values().toArray(), pages().values().toArray())) {
        throw new AssertionError("other pages came out");
      }
    }
  }
}
