package io.github.ltxjava.compaction.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestorePlan;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Days of writing, merging and deleting, on listings alone. */
class PolicySimulationTest {

  private static final Duration WINDOW = Duration.ofHours(24);
  private static final Duration FINEST = Duration.ofSeconds(30);

  private final List<LtxFileInfo> files = new ArrayList<>();
  private final NavigableMap<Instant, Txid> history = new TreeMap<>();
  private Instant now = Instant.EPOCH;
  private long last;

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void everythingInTheWindowCanBeRestored(@ForAll long seed) throws RestoreException {
    files.clear();
    history.clear();
    last = 0;
    now = Instant.parse("2026-01-01T09:17:03Z");
    Random random = new Random(seed);
    for (int step = 0; step < 150; step++) {
      now = now.plusMillis(pause(random));
      if (random.nextInt(10) > 0) {
        write(random);
      }
      runPolicy();
      requireLatest();
      requireWindow(random);
    }
  }

  private static long pause(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextInt(2_000);
      case 1 -> random.nextInt(60_000);
      case 2 -> random.nextInt(3_600_000);
      default -> random.nextInt(6 * 3_600_000);
    };
  }

  private void write(Random random) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      now = now.plusMillis(1 + random.nextInt(1000));
      last++;
      files.add(new LtxFileInfo(0, TxidRange.of(Txid.of(last)), 1, now));
      history.put(now, Txid.of(last));
    }
  }

  private void runPolicy() {
    int rounds = 0;
    List<CompactionJob> jobs = CompactionPolicy.litestream().plan(List.copyOf(files), now);
    while (!jobs.isEmpty()) {
      jobs.forEach(this::apply);
      assertThat(++rounds).as("rounds until nothing is left to do").isLessThan(10);
      jobs = CompactionPolicy.litestream().plan(List.copyOf(files), now);
    }
  }

  private void apply(CompactionJob job) {
    if (job instanceof CompactionJob.Merge merge) {
      add(merge.level(), merge.txids(), merge.inputs());
    } else if (job instanceof CompactionJob.Snapshot snapshot) {
      add(LtxFileInfo.SNAPSHOT_LEVEL, snapshot.txids(), snapshot.inputs());
    } else if (job instanceof CompactionJob.Expire expire) {
      assertThat(files).containsAll(expire.files());
      files.removeAll(expire.files());
    }
  }

  private void add(int level, TxidRange txids, List<LtxFileInfo> inputs) {
    assertThat(files).containsAll(inputs);
    Instant time = inputs.get(inputs.size() - 1).createdAt();
    LtxFileInfo file = new LtxFileInfo(level, txids, 1, time);
    assertThat(files).doesNotContain(file);
    files.add(file);
  }

  private void requireLatest() throws RestoreException {
    if (last > 0) {
      assertThat(RestorePlanner.plan(files, RestoreTarget.latest()).txid())
          .isEqualTo(Txid.of(last));
      assertThat(Listing.lastTxid(Listing.ofLevel(files, 0))).isEqualTo(Txid.of(last));
      for (int level = 0; level < LtxFileInfo.SNAPSHOT_LEVEL; level++) {
        assertThat(LevelCheck.check(files, level)).isEmpty();
      }
    }
  }

  private void requireWindow(Random random) throws RestoreException {
    Instant time = now.minusMillis((long) (random.nextDouble() * WINDOW.toMillis()));
    if (history.floorKey(time) == null) {
      return;
    }
    Instant state = history.floorKey(time);
    RestorePlan plan = RestorePlanner.plan(files, RestoreTarget.at(time));
    assertThat(plan.createdAt()).isBeforeOrEqualTo(state);
    assertThat(plan.txid()).isLessThanOrEqualTo(history.get(state));
    // A state that level 1 merged away has a neighbour that it did not.
    RestorePlan near = RestorePlanner.plan(files, RestoreTarget.at(state.plus(FINEST)));
    assertThat(near.createdAt()).isAfterOrEqualTo(state.minus(FINEST));
  }
}
