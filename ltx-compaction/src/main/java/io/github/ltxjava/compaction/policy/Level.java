package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.store.LtxFileInfo;
import java.time.Duration;
import java.util.List;

/**
 * A level of merged files: what the level below gathers in an interval becomes one file here.
 *
 * @param number 1 to 8
 * @param interval how often to merge; more than nothing
 */
public record Level(int number, Duration interval) {

  /** Litestream's levels: every 30 seconds, every 5 minutes, every hour. */
  public static final List<Level> DEFAULTS =
      List.of(
          new Level(1, Duration.ofSeconds(30)),
          new Level(2, Duration.ofMinutes(5)),
          new Level(3, Duration.ofHours(1)));

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the number is not from 1 to 8, or the interval is not
   *     positive
   */
  public Level {
    if (number < 1 || number >= LtxFileInfo.SNAPSHOT_LEVEL) {
      throw new IllegalArgumentException("level " + number + " is not from 1 to 8");
    }
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("interval " + interval + " is not positive");
    }
  }
}
