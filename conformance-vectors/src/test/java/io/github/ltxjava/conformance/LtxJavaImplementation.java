package io.github.ltxjava.conformance;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.Verification;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.ApplyException;
import io.github.ltxjava.sqlite.DatabaseApplier;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The library under test, as the runner sees it. */
class LtxJavaImplementation implements LtxImplementation {

  /** The options of every read; a subclass accepts extensions. */
  ReadOptions options() {
    return ReadOptions.DEFAULT;
  }

  private ReadOptions options(@Nullable String layout) {
    return layout == null ? options() : options().withLayout(Layout.ofLabel(layout));
  }

  @Override
  public FileContent read(Path file, @Nullable String layout) throws IOException, RefusedException {
    ReadOptions options = options(layout);
    try (LtxReader reader = LtxReader.open(ByteSource.open(file), options)) {
      Layout form = reader.layout();
      FileContent.Pages pages = new FileContent.Pages();
      if (!form.hasIndex()) {
        while (reader.next()) {
          add(pages, reader, -1, -1);
        }
        return content(reader, form, Files.size(file), -1, -1, pages);
      }
      try (LtxFile random = LtxFile.open(ByteSource.open(file), options())) {
        PageIndex index = random.index();
        ByteBuffer again = ByteBuffer.allocate(reader.header().pageSize());
        for (int i = 0; reader.next(); i++) {
          add(pages, reader, index.frameOffset(i), index.frameSize(i));
          random.readPage(reader.pageNumber(), again.clear());
          if (!again.flip().equals(reader.page())) {
            throw new IOException("page " + reader.pageNumber() + " differs by random access");
          }
        }
        return content(
            reader, form, Files.size(file), index.indexOffset(), index.indexSize(), pages);
      }
    } catch (LtxFormatException e) {
      throw refused(e);
    }
  }

  private static void add(FileContent.Pages pages, LtxReader reader, long offset, long size)
      throws IOException {
    pages.add(reader.pageNumber(), offset, size, reader.page());
    String computed = reader.pageChecksum().toString();
    String want = pages.list().get(pages.list().size() - 1).pageChecksum();
    if (!computed.equals(want)) {
      throw new IOException("page checksum " + computed + ", not " + want);
    }
  }

  private static FileContent content(
      LtxReader reader, Layout layout, long size, long index, long indexSize, FileContent.Pages p) {
    LtxHeader header = reader.header();
    LtxTrailer trailer = reader.trailer();
    return new FileContent(
        layout.label(),
        new FileContent.Header(
            JavaSide.flags(header, layout),
            header.pageSize(),
            header.commit(),
            header.txids().min().toString(),
            header.txids().max().toString(),
            header.timestamp().toEpochMilli(),
            FileContent.hex16(header.preApply().map(Checksum::bits).orElse(0L)),
            header.wal().offset(),
            header.wal().size(),
            Integer.toUnsignedLong(header.wal().salt1()),
            Integer.toUnsignedLong(header.wal().salt2()),
            FileContent.hex16(header.nodeId())),
        new FileContent.Trailer(
            FileContent.hex16(trailer.postApply().map(Checksum::bits).orElse(0L)),
            trailer.file().toString()),
        size,
        index,
        indexSize,
        p.list(),
        p.sha256());
  }

  @Override
  public void verify(Path file, @Nullable String layout) throws IOException, RefusedException {
    ReadOptions options = options(layout);
    try (ByteSource source = ByteSource.open(file)) {
      Verification verification = LtxVerifier.verify(source, LtxVerifier.Depth.FULL, options);
      if (!verification.isSound()) {
        List<Finding> findings =
            verification.findings().stream()
                .map(f -> new Finding(f.reason().name(), f.offset()))
                .toList();
        throw new RefusedException(verification.findings().get(0).detail(), findings);
      }
    }
  }

  @Override
  public void merge(Merge merge) throws IOException, RefusedException {
    List<ByteSource> inputs = new ArrayList<>();
    try {
      for (Path input : merge.inputs()) {
        inputs.add(ByteSource.open(input));
      }
      Merger merger = Merger.of(inputs).layout(Layout.ofLabel(merge.layout())).reading(options());
      if (merge.allowGaps()) {
        merger.allowGaps();
      }
      if (merge.noChecksum()) {
        merger.withoutChecksums();
      }
      try (ByteSink output = ByteSink.atomic(merge.output())) {
        merger.writeTo(output);
      }
    } catch (LtxFormatException e) {
      throw refused(e);
    } catch (ChainException e) {
      throw new RefusedException(e.getMessage());
    } finally {
      for (ByteSource input : inputs) {
        input.close();
      }
    }
  }

  @Override
  public void apply(Path database, Path file) throws IOException, RefusedException {
    try (ByteSource source = ByteSource.open(file)) {
      DatabaseApplier.apply(database, List.of(source));
    } catch (LtxFormatException e) {
      throw refused(e);
    } catch (ApplyException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  @Override
  public void restore(Path replica, @Nullable String txid, Path database)
      throws IOException, RefusedException {
    restore(
        replica,
        txid == null ? RestoreTarget.latest() : RestoreTarget.at(Txid.parse(txid)),
        database);
  }

  @Override
  public void restoreBefore(Path replica, Instant time, Path database)
      throws IOException, RefusedException {
    restore(replica, RestoreTarget.before(time), database);
  }

  private void restore(Path replica, RestoreTarget target, Path database)
      throws IOException, RefusedException {
    try (LtxStore store = DirectoryStore.openExisting(replica)) {
      Restorer.from(store).target(target).reading(options()).restoreTo(database);
    } catch (LtxFormatException e) {
      throw refused(e);
    } catch (RestoreException | ChainException e) {
      throw new RefusedException(e.getMessage());
    }
  }

  static RefusedException refused(LtxFormatException e) {
    return new RefusedException(
        e.getMessage(), List.of(new Finding(e.reason().name(), e.offset())));
  }

  /** The same, told to accept the extensions of the specification. */
  static final class WithExtensions extends LtxJavaImplementation {
    @Override
    ReadOptions options() {
      return ReadOptions.DEFAULT.accepting(PageCodec.zstd(3));
    }

    @Override
    public Set<String> extensions() {
      return Set.of("zstd-pages");
    }
  }
}
