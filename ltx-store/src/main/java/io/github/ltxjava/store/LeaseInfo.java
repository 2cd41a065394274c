package io.github.ltxjava.store;

import io.github.ltxjava.store.internal.FlatJson;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;

/**
 * What a lease object says, in the form of Litestream's {@code lock.json}.
 *
 * @param generation grows by one with every holder and never goes back; at least 1
 * @param owner who holds the lease, as it calls itself: {@code host:pid}
 * @param expiresAt when it stops holding it; long past if it has released it
 */
public record LeaseInfo(long generation, String owner, Instant expiresAt) {

  /** What a released lease says: over, on every machine's clock. */
  static final Instant RELEASED = Instant.EPOCH;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the generation is below 1
   */
  public LeaseInfo {
    if (generation < 1) {
      throw new IllegalArgumentException("generation " + generation + " is below 1");
    }
    Objects.requireNonNull(owner);
    Objects.requireNonNull(expiresAt);
  }

  /**
   * Tells whether the lease is free at that time.
   *
   * @param now a time by the caller's clock
   */
  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  byte[] toJson() {
    String json =
        "{\"generation\":"
            + generation
            + ",\"expires_at\":\""
            + expiresAt
            + "\",\"owner\":"
            + FlatJson.quote(owner)
            + "}\n";
    return json.getBytes(StandardCharsets.UTF_8);
  }

  /** Parses an object; what Litestream or a later version adds to it is skipped. */
  static LeaseInfo parse(String json) {
    Map<String, String> fields = FlatJson.parse(json);
    try {
      return new LeaseInfo(
          Long.parseLong(field(fields, "generation")),
          fields.getOrDefault("owner", ""),
          OffsetDateTime.parse(field(fields, "expires_at")).toInstant());
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no \"" + name + "\" in it");
    }
    return value;
  }
}
