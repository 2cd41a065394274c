package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.Verification;
import io.github.ltxjava.compaction.policy.LevelCheck;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreResult;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at all files of a store. Files that are deleted meanwhile do not count. */
final class ReplicaCheck {

  /** The code of a finding about what cannot be read at all. */
  static final String IO = "IO";

  /**
   * Something that is not as it should be.
   *
   * @param code stable: a reason of the format, or {@code NAME}, {@code GAP}, {@code OVERLAP},
   *     {@code CHAIN}, {@code NOT_RESTORABLE}, {@code CHECKSUM}, {@code INTEGRITY}, {@code IO}
   * @param warning whether the replica is sound nevertheless
   * @param file its level and name, or empty
   */
  record Finding(String code, boolean warning, String file, String message) {}

  private final LtxStore store;
  private final Processors processors;
  private final Cancellation cancellation;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<LtxFileInfo, Verification.Sound> sound = new HashMap<>();
  private List<LtxFileInfo> files = List.of();
  private Optional<Txid> newest = Optional.empty();
  private boolean restored;
  private boolean checksummed;

  ReplicaCheck(LtxStore store, Processors processors, Cancellation cancellation) {
    this.store = store;
    this.processors = processors;
    this.cancellation = cancellation;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  boolean isSound() {
    return findings.stream().allMatch(Finding::warning);
  }

  /** Tells whether there is a newest state, by the names of the files. */
  boolean isRestorable() {
    return newest.isPresent();
  }

  Optional<Txid> newest() {
    return newest;
  }

  int fileCount() {
    return files.size();
  }

  long byteCount() {
    return files.stream().mapToLong(LtxFileInfo::size).sum();
  }

  boolean isRestored() {
    return restored;
  }

  /** Tells whether the restored state could be compared with a checksum. */
  boolean hasChecksum() {
    return checksummed;
  }

  /** Checks the files one by one, and whether they follow each other. */
  void files() throws IOException {
    List<LtxFileInfo> present = new ArrayList<>();
    for (LtxFileInfo file : store.listAll()) {
      cancellation.check();
      if (verify(file)) {
        present.add(file);
      }
    }
    files = List.copyOf(present);
    for (int level = 0; level < LtxFileInfo.SNAPSHOT_LEVEL; level++) {
      levelFindings(level);
      chainFindings(level);
    }
    try {
      // By a new listing: files may have been merged and deleted while the others were read.
      newest = Optional.of(RestorePlanner.plan(store.listAll(), RestoreTarget.latest()).txid());
    } catch (RestoreException e) {
      add("NOT_RESTORABLE", "", String.valueOf(e.getMessage()));
    }
  }

  private void add(String code, String file, String message) {
    findings.add(new Finding(code, false, file, message));
  }

  /** Returns false if the file is gone. */
  private boolean verify(LtxFileInfo file) {
    try (ByteSource source = store.open(file)) {
      ReadOptions reading = ReadOptions.DEFAULT.withParallelism(processors.forSize(file.size()));
      Verification result = LtxVerifier.verify(source, Depth.FULL, reading);
      if (result instanceof Verification.Damaged damaged) {
        for (Verification.Finding finding : damaged.findings()) {
          add(
              finding.reason().name(),
              file.name(),
              finding.reason() + " at offset " + finding.offset() + ": " + finding.detail());
        }
      } else if (result instanceof Verification.Sound good) {
        sound.put(file, good);
        if (!good.header().txids().equals(file.txids())) {
          add("NAME", file.name(), "holds transactions " + good.header().txids());
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      add(IO, file.name(), Messages.withoutFile(e));
      return true;
    }
  }

  private void levelFindings(int level) {
    for (LevelCheck.Finding finding : LevelCheck.check(files, level)) {
      findings.add(
          new Finding(
              finding.kind().name(), true, finding.next().name(), LevelsCommand.text(finding)));
    }
  }

  /** Compares what a file leaves with what the next one expects, where both say it. */
  private void chainFindings(int level) {
    LtxFileInfo previous = null;
    for (LtxFileInfo file : files) {
      if (file.level() != level) {
        continue;
      }
      Optional<Checksum> left = postApply(previous);
      Optional<Checksum> expected =
          Optional.ofNullable(sound.get(file)).flatMap(good -> good.header().preApply());
      if (previous != null
          && previous.txids().isContiguousWith(file.txids())
          && left.isPresent()
          && expected.isPresent()
          && !left.equals(expected)) {
        add(
            "CHAIN",
            file.name(),
            "is for a database of checksum "
                + expected.get()
                + ", but "
                + previous.name()
                + " leaves "
                + left.get());
      }
      previous = file;
    }
  }

  private Optional<Checksum> postApply(@Nullable LtxFileInfo file) {
    return file == null
        ? Optional.empty()
        : Optional.ofNullable(sound.get(file)).flatMap(good -> good.trailer().postApply());
  }

  /** Restores the newest state, and compares it with what is known of it. */
  void restore() throws IOException {
    Path folder = Files.createTempDirectory("ltx-verify-replica-");
    Path database = folder.resolve("restored.db");
    try {
      RestoreResult result =
          Restorer.from(store)
              .reading(ReadOptions.DEFAULT.withParallelism(processors.forSize(Long.MAX_VALUE)))
              .cancelWhen(cancellation::isRequested)
              .restoreTo(database);
      restored = true;
      newest = Optional.of(result.plan().txid());
      compare(result, database);
      if (result.header().commit() > 0) {
        checkIntegrity(database);
      }
    } catch (LtxFormatException | ChainException | RestoreException e) {
      add("NOT_RESTORABLE", "", String.valueOf(e.getMessage()));
    } finally {
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(folder.resolve("restored.db" + suffix));
      }
      Files.deleteIfExists(folder);
    }
  }

  private void compare(RestoreResult result, Path database) throws IOException {
    List<LtxFileInfo> used = result.plan().files();
    Optional<Checksum> expected = postApply(used.get(used.size() - 1));
    checksummed = expected.isPresent();
    if (expected.isEmpty()) {
      return;
    }
    try (ByteSource source = ByteSource.open(database)) {
      Checksum actual =
          DatabaseChecksum.of(
              source, result.header().pageSize(), processors.forSize(source.size()));
      if (!actual.equals(expected.get())) {
        add("CHECKSUM", "", "the restored state has " + actual + " and not " + expected.get());
      }
    }
  }

  private void checkIntegrity(Path database) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
      while (rows.next()) {
        if (!rows.getString(1).equals("ok")) {
          add("INTEGRITY", "", rows.getString(1));
        }
      }
    } catch (SQLException e) {
      add("INTEGRITY", "", String.valueOf(e.getMessage()));
    }
  }
}
