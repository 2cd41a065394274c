package io.github.ltxjava.compaction.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.GoldenFile;
import io.github.ltxjava.compaction.Listings;
import io.github.ltxjava.store.LtxFileInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RestorePlannerTest {

  @Test
  void plansAreAsInTheGoldenFile() throws IOException {
    GoldenFile.check("restore-plan.txt", RestorePlannerTest::run);
  }

  private static String run(List<String> lines) {
    String command = lines.get(0);
    List<LtxFileInfo> files = Listings.parse(lines.subList(1, lines.size()));
    if (command.equals("available")) {
      return RestorePlanner.availableTxids(files).stream()
          .map(txid -> Long.toHexString(txid.value()))
          .collect(Collectors.joining(" "));
    }
    try {
      return Listings.text(RestorePlanner.plan(files, target(command)).files());
    } catch (RestoreException e) {
      return e.reason() + ": " + e.getMessage();
    }
  }

  private static RestoreTarget target(String command) {
    String[] words = command.split(" ", -1);
    return switch (words[1]) {
      case "latest" -> RestoreTarget.latest();
      case "txid" -> RestoreTarget.at(Txid.of(Long.parseUnsignedLong(words[2], 16)));
      case "at" -> RestoreTarget.at(Listings.time(words[2]));
      case "before" -> RestoreTarget.before(Listings.time(words[2]));
      default -> throw new IllegalArgumentException(command);
    };
  }

  @Provide
  Arbitrary<List<LtxFileInfo>> listings() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9),
            Arbitraries.longs().between(1, 12),
            Arbitraries.longs().between(0, 6),
            Arbitraries.longs().between(0, 5))
        .as(
            (level, min, length, time) ->
                new LtxFileInfo(
                    level,
                    TxidRange.of(
                        Txid.of(level == 9 ? 1 : min), Txid.of((level == 9 ? 1 : min) + length)),
                    1,
                    Instant.ofEpochSecond(time)))
        .list()
        .ofMaxSize(12);
  }

  /** The obvious way: every transaction reachable by trying all files until nothing is new. */
  private static Set<Txid> reachable(List<LtxFileInfo> files) {
    Set<Txid> reached = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (LtxFileInfo file : files) {
        boolean starts =
            file.txids().isSnapshot()
                || reached.stream().anyMatch(txid -> TxidRange.of(txid).isFollowedBy(file.txids()));
        grown |= starts && reached.add(file.txids().max());
      }
    }
    return reached;
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void whatCanBeRestoredIsRestoredAndNothingElse(@ForAll("listings") List<LtxFileInfo> files)
      throws RestoreException {
    Set<Txid> reachable = reachable(files);
    assertThat(RestorePlanner.availableTxids(files))
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(reachable);
    for (long value = 1; value < 20; value++) {
      Txid txid = Txid.of(value);
      RestoreTarget target = RestoreTarget.at(txid);
      if (reachable.contains(txid)) {
        RestorePlan plan = RestorePlanner.plan(files, target);
        requireChain(plan, files);
        assertThat(plan.txid()).isEqualTo(txid);
      } else {
        assertThatThrownBy(() -> RestorePlanner.plan(files, target))
            .isInstanceOf(RestoreException.class);
      }
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void theLatestStateIsTheLastOneOrAnError(@ForAll("listings") List<LtxFileInfo> files)
      throws RestoreException {
    long last = files.stream().mapToLong(file -> file.txids().max().value()).max().orElse(0);
    if (last != 0 && reachable(files).contains(Txid.of(last))) {
      RestorePlan plan = RestorePlanner.plan(files, RestoreTarget.latest());
      requireChain(plan, files);
      assertThat(plan.txid()).isEqualTo(Txid.of(last));
    } else {
      assertThatThrownBy(() -> RestorePlanner.plan(files, RestoreTarget.latest()))
          .isInstanceOf(RestoreException.class);
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aPlanForATimeUsesNothingNewer(@ForAll("listings") List<LtxFileInfo> files) {
    for (int second = 0; second < 7; second++) {
      Instant time = Instant.ofEpochSecond(second);
      List<LtxFileInfo> old = new ArrayList<>(files);
      old.removeIf(file -> file.createdAt().isAfter(time));
      Set<Txid> reachable = reachable(old);
      try {
        RestorePlan plan = RestorePlanner.plan(files, RestoreTarget.at(time));
        requireChain(plan, old);
        assertThat(reachable).contains(plan.txid());
        assertThat(reachable).allSatisfy(txid -> assertThat(txid).isLessThanOrEqualTo(plan.txid()));
      } catch (RestoreException e) {
        boolean gap = e.reason() == RestoreException.Reason.GAP;
        assertThat(gap || reachable.isEmpty()).as(e.getMessage()).isTrue();
      }
    }
  }

  private static void requireChain(RestorePlan plan, List<LtxFileInfo> files) {
    assertThat(files).containsAll(plan.files());
    assertThat(plan.files().get(0).txids().isSnapshot()).isTrue();
    for (int i = 1; i < plan.files().size(); i++) {
      assertThat(plan.files().get(i - 1).txids().isFollowedBy(plan.files().get(i).txids()))
          .isTrue();
      assertThat(plan.files().get(i).txids().isSnapshot()).isFalse();
    }
  }
}
