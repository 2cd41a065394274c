package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.compaction.GoldenFile;
import io.github.ltxjava.compaction.Listings;
import io.github.ltxjava.store.LtxFileInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyGoldenTest {

  @Test
  void levelsAreMergedAsInTheGoldenFile() throws IOException {
    GoldenFile.check("levels.txt", PolicyGoldenTest::run);
  }

  @Test
  void oldFilesAreDeletedAsInTheGoldenFile() throws IOException {
    GoldenFile.check("retention.txt", PolicyGoldenTest::run);
  }

  @Test
  void levelsAreCheckedAsInTheGoldenFile() throws IOException {
    GoldenFile.check("level-check.txt", PolicyGoldenTest::run);
  }

  private static String run(List<String> lines) {
    String[] words = lines.get(0).split(" ", -1);
    List<LtxFileInfo> files = Listings.parse(lines.subList(1, lines.size()));
    return switch (words[0]) {
      case "merge" -> plan(LeveledPolicy.DEFAULT, files, words[1]);
      case "merge-two-at-once" ->
          plan(new LeveledPolicy(Level.DEFAULTS, Duration.ZERO, 2), files, words[1]);
      case "expire" -> plan(RetentionPolicy.DEFAULT, files, words[1]);
      case "expire-never" ->
          plan(new RetentionPolicy(Duration.ZERO, Duration.ZERO), files, words[1]);
      case "check" -> check(files, Integer.parseInt(words[1]));
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static String plan(CompactionPolicy policy, List<LtxFileInfo> files, String now) {
    Instant time = Listings.time(now);
    List<CompactionJob> jobs = policy.plan(files, time);
    return jobs.isEmpty()
        ? "nothing"
        : jobs.stream().map(PolicyGoldenTest::text).collect(Collectors.joining("\n"));
  }

  private static String text(CompactionJob job) {
    if (job instanceof CompactionJob.Merge merge) {
      return merge.level()
          + "/"
          + Listings.text(merge.txids())
          + " = "
          + Listings.text(merge.inputs());
    }
    if (job instanceof CompactionJob.Snapshot snapshot) {
      return "9/" + Listings.text(snapshot.txids()) + " = " + Listings.text(snapshot.inputs());
    }
    return "delete " + Listings.text(((CompactionJob.Expire) job).files());
  }

  private static String check(List<LtxFileInfo> files, int level) {
    List<LevelCheck.Finding> findings = LevelCheck.check(files, level);
    return findings.isEmpty()
        ? "nothing"
        : findings.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }
}
