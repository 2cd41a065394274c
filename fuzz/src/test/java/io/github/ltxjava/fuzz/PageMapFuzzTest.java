package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.index.PageMap;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.testkit.DatabaseSpec;
import io.github.ltxjava.testkit.FileSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Chains seen through a page map: hostile ones, and sound ones against applying them. */
class PageMapFuzzTest {

  @FuzzTest
  void pageMap(byte[] data) throws IOException {
    hostile(Chains.split(data));
    if (data.length > 0) {
      sound(Chains.make(data), data);
    }
  }

  private static void hostile(List<byte[]> files) throws IOException {
    List<LtxFile> chain = new ArrayList<>();
    try {
      for (byte[] file : files) {
        chain.add(LtxFile.open(Chains.source(file)));
      }
      if (!chain.isEmpty()) {
        PageMap map = PageMap.of(chain);
        ByteBuffer page = ByteBuffer.allocate(map.pageSize());
        for (long number : new long[] {1, 2, 3, Math.max(1, map.commit()), map.commit() + 1}) {
          boolean there = map.readPage(number, page.clear());
          assertThat(there && number > map.commit()).isFalse();
        }
      }
    } catch (LtxFormatException | ChainException e) {
      assertThat(e.getMessage()).isNotEmpty();
    } finally {
      for (LtxFile file : chain) {
        file.close();
      }
    }
  }

  private static void sound(List<FileSpec> specs, byte[] data) throws IOException {
    if (specs.isEmpty()) {
      return;
    }
    DatabaseSpec database = new DatabaseSpec(Chains.PAGE);
    List<LtxFile> chain = new ArrayList<>();
    List<ByteSource> sources = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      byte[] file = specs.get(i).encode(Chains.layout(data[i % data.length]));
      sources.add(Chains.source(file));
      chain.add(LtxFile.open(Chains.source(file)));
      database.apply(specs.get(i));
      compare(PageMap.of(chain), database);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Merger.of(sources).writeTo(ByteSink.to(out));
    FileSpec merged = Chains.read(out.toByteArray());
    assertThat(new DatabaseSpec(Chains.PAGE).apply(merged).image()).isEqualTo(database.image());
  }

  private static void compare(PageMap map, DatabaseSpec database) throws IOException {
    assertThat(map.commit()).isEqualTo(database.commit());
    ByteBuffer page = ByteBuffer.allocate(Chains.PAGE);
    for (long number = 1; number <= database.commit(); number++) {
      Arrays.fill(page.array(), (byte) 0);
      boolean there = map.readPage(number, page.clear());
      // What no file holds is zeros.
      assertThat(page.array())
          .as("page %d, found %s", number, there)
          .isEqualTo(database.page(number));
    }
    assertThat(map.readPage(database.commit() + 1, page.clear())).isFalse();
  }
}
