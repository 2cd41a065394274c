package io.github.ltxjava.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestoreException.Reason;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.generations.GenerationFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationPlannerTest {

  private static final String A = "a000000000000000";
  private static final String B = "b000000000000000";

  private final List<GenerationFile> files = new ArrayList<>();

  private static Instant time(int second) {
    return Instant.parse("2026-11-25T12:00:00Z").plusSeconds(second);
  }

  private void add(int second, String generation, String name) {
    files.add(
        GenerationFile.ofKey("generations/" + generation + "/" + name, 10, time(second))
            .orElseThrow());
  }

  private static LtxFileInfo ltx(int second, int level, int max) {
    return new LtxFileInfo(level, new TxidRange(Txid.FIRST, Txid.of(max)), 10, time(second));
  }

  private void assertRefused(RestoreTarget target, Reason reason, String text) {
    assertThatThrownBy(() -> GenerationPlanner.plan(files, target))
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(
            RestoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void theNewestSnapshotAndItsWalsAreUsed() throws RestoreException {
    add(1, A, "snapshots/00000000.snapshot.lz4");
    add(2, A, "wal/00000000_00000000.wal.lz4");
    add(4, A, "wal/00000001_00000000.wal.lz4");
    add(3, A, "snapshots/00000001.snapshot.lz4");
    add(5, A, "wal/00000001_0000000000001234.wal.lz4");
    add(6, B, "snapshots/00000000.snapshot.lz4");
    add(7, B, "wal/00000000_00000000.wal.lz4");
    add(8, A, "wal/00000002_00000000.wal.lz4");
    assertThat(GenerationPlanner.plan(files, RestoreTarget.latest()).files())
        .containsExactly(files.get(5), files.get(6));
    assertThat(GenerationPlanner.plan(files, RestoreTarget.latest()).createdAt())
        .isEqualTo(time(7));
    assertThat(GenerationPlanner.plan(files, RestoreTarget.at(time(5))).files())
        .containsExactly(files.get(3), files.get(2), files.get(4));
    assertThat(GenerationPlanner.plan(files, RestoreTarget.before(time(2))).files())
        .containsExactly(files.get(0), files.get(1));
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertRefused(RestoreTarget.latest(), Reason.EMPTY, "no generations");
    add(2, A, "wal/00000000_00000000.wal.lz4");
    assertRefused(RestoreTarget.latest(), Reason.NO_SNAPSHOT, "no generation has a snapshot");
    add(1, A, "snapshots/00000000.snapshot.lz4");
    assertRefused(RestoreTarget.at(time(0)), Reason.TIME_NOT_AVAILABLE, "2026-11-25T12:00:01Z");
    assertRefused(RestoreTarget.at(Txid.FIRST), Reason.TXID_NOT_AVAILABLE, "name a time");
    add(3, A, "wal/00000002_00000000.wal.lz4");
    assertRefused(RestoreTarget.latest(), Reason.GAP, "wal/00000002_00000000.wal.lz4");
  }

  @Test
  void aWalThatDoesNotBeginIsAGap() {
    add(1, A, "snapshots/00000003.snapshot.lz4");
    add(2, A, "wal/00000003_00000020.wal.lz4");
    assertRefused(RestoreTarget.latest(), Reason.GAP, "missing between");
  }

  @Test
  void namesAreReadStrictly() {
    for (String key :
        List.of(
            "generations/" + A + "/snapshots/0000000.snapshot.lz4",
            "generations/" + A + "/snapshots/0000000G.snapshot.lz4",
            "generations/" + A + "/snapshots/80000000.snapshot.lz4",
            "generations/" + A + "/wal/00000000.wal.lz4",
            "generations/" + A + "/wal/00000000_ffffffffffffffff.wal.lz4",
            "generations/" + A + "/wal/00000000_00000000.wal.lz4.tmp",
            "generations/" + A.substring(1) + "/wal/00000000_00000000.wal.lz4",
            A + "/wal/00000000_00000000.wal.lz4")) {
      assertThat(GenerationFile.ofKey(key, 1, time(0))).as(key).isEmpty();
    }
  }

  @Test
  void theFormatIsTheOneThatWasWrittenLastOrHasTheNewerSnapshot() {
    add(1, A, "snapshots/00000000.snapshot.lz4");
    add(5, A, "wal/00000000_00000000.wal.lz4");
    RestoreTarget latest = RestoreTarget.latest();
    assertThat(choose(latest)).isEqualTo(ReplicaFormat.GENERATIONS);
    assertThat(choose(latest, ltx(5, 0, 1))).isEqualTo(ReplicaFormat.LTX);
    assertThat(choose(latest, ltx(4, 0, 1))).isEqualTo(ReplicaFormat.GENERATIONS);
    assertThat(choose(RestoreTarget.at(Txid.FIRST))).isEqualTo(ReplicaFormat.LTX);

    LtxFileInfo[] upgraded = {ltx(8, 0, 1), ltx(9, 9, 1)};
    assertThat(choose(RestoreTarget.at(time(7)), upgraded)).isEqualTo(ReplicaFormat.GENERATIONS);
    assertThat(choose(RestoreTarget.at(time(8)), upgraded)).isEqualTo(ReplicaFormat.LTX);
    assertThat(choose(RestoreTarget.before(time(9)), upgraded))
        .isEqualTo(ReplicaFormat.GENERATIONS);
    assertThat(choose(RestoreTarget.before(time(10)), upgraded)).isEqualTo(ReplicaFormat.LTX);
    files.clear();
    assertThat(choose(latest)).isEqualTo(ReplicaFormat.LTX);
  }

  private ReplicaFormat choose(RestoreTarget target, LtxFileInfo... ltx) {
    return ReplicaFormat.choose(List.of(ltx), files, target);
  }
}
