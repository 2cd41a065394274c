package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.testkit.DatabaseSpec;
import io.github.ltxjava.testkit.FileSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Files from the input, merged: refused, or a sound file with the effect of all of them. */
class MergeFuzzTest {

  /** A hostile commit can ask for gigabytes of zero pages; the test gives up before. */
  private static final int MAX_OUTPUT = 1 << 20;

  @FuzzTest
  void merge(byte[] data) throws IOException {
    List<byte[]> files = Chains.split(data);
    if (files.isEmpty()) {
      return;
    }
    List<ByteSource> sources = new ArrayList<>();
    files.forEach(file -> sources.add(Chains.source(file)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Merger.of(sources)
          .allowGaps()
          .cancelWhen(() -> out.size() > MAX_OUTPUT)
          .writeTo(ByteSink.to(out));
    } catch (LtxFormatException | ChainException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    } catch (CancellationException e) {
      assertThat(out.size()).isGreaterThan(MAX_OUTPUT);
      return;
    }
    byte[] merged = out.toByteArray();
    assertThat(LtxVerifier.verify(Chains.source(merged), Depth.FULL).findings()).isEmpty();
    assertHasTheEffectOf(files, merged);
  }

  private static void assertHasTheEffectOf(List<byte[]> files, byte[] merged) throws IOException {
    List<FileSpec> inputs = new ArrayList<>();
    for (byte[] file : files) {
      inputs.add(Chains.read(file));
    }
    inputs.sort((a, b) -> a.header().txids().compareTo(b.header().txids()));
    if (inputs.stream().anyMatch(file -> file.header().commit() > 2000)) {
      return;
    }
    int pageSize = inputs.get(0).header().pageSize();
    DatabaseSpec oneByOne = new DatabaseSpec(pageSize);
    inputs.forEach(oneByOne::apply);
    DatabaseSpec atOnce = new DatabaseSpec(pageSize).apply(Chains.read(merged));
    assertThat(atOnce.image()).isEqualTo(oneByOne.image());
  }
}
