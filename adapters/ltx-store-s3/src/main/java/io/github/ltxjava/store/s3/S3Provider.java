package io.github.ltxjava.store.s3;

import java.util.Locale;
import java.util.Optional;

/**
 * Services that speak S3, told by the host of their endpoint, and where they differ. Whether one
 * writes conditionally is not in this table but asked of the server, except for AWS.
 */
enum S3Provider {
  AWS("", false),
  BACKBLAZE_B2("us-west-004", true),
  CLOUDFLARE_R2("auto", true),
  DIGITALOCEAN("us-east-1", false),
  FILEBASE("us-east-1", true),
  GOOGLE("auto", true),
  HETZNER("fsn1", true),
  NEON("us-east-1", true),
  SCALEWAY("fr-par", true),
  SUPABASE("us-east-1", true),
  TIGRIS("auto", false),
  WASABI("us-east-1", false),
  /** MinIO, Ceph, and whatever else runs under a name of its own. */
  OTHER("us-east-1", true);

  private static final int MIB = 1 << 20;

  private final String defaultRegion;
  private final boolean pathStyle;

  S3Provider(String defaultRegion, boolean pathStyle) {
    this.defaultRegion = defaultRegion;
    this.pathStyle = pathStyle;
  }

  static S3Provider ofHost(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (isBelow(name, "amazonaws.com") || isBelow(name, "amazonaws.com.cn")) {
      return AWS;
    } else if (isBelow(name, "backblazeb2.com")) {
      return BACKBLAZE_B2;
    } else if (isBelow(name, "r2.cloudflarestorage.com")) {
      return CLOUDFLARE_R2;
    } else if (isBelow(name, "digitaloceanspaces.com")) {
      return DIGITALOCEAN;
    } else if (isBelow(name, "s3.filebase.com")) {
      return FILEBASE;
    } else if (isBelow(name, "storage.googleapis.com")) {
      return GOOGLE;
    } else if (isBelow(name, "your-objectstorage.com")) {
      return HETZNER;
    } else if (isBelow(name, "neon.tech")) {
      return NEON;
    } else if (isBelow(name, "scw.cloud")) {
      return SCALEWAY;
    } else if (isBelow(name, "supabase.co") || isBelow(name, "supabase.com")) {
      return SUPABASE;
    } else if (isBelow(name, "tigris.dev") || isBelow(name, "storage.dev")) {
      return TIGRIS;
    } else if (isBelow(name, "wasabisys.com")) {
      return WASABI;
    }
    return OTHER;
  }

  private static boolean isBelow(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }

  /** Returns the region that the host names, where it does, else the one that the service takes. */
  String region(String host) {
    String[] labels = host.toLowerCase(Locale.ROOT).split("\\.", -1);
    int index =
        switch (this) {
          case AWS, BACKBLAZE_B2, SCALEWAY, WASABI -> labels[0].equals("s3") ? 1 : -1;
          case DIGITALOCEAN, HETZNER -> labels.length == 3 ? 0 : -1;
          default -> -1;
        };
    boolean named = index >= 0 && index < labels.length - 2 && !labels[index].equals("dualstack");
    return named ? labels[index] : defaultRegion.isEmpty() ? "us-east-1" : defaultRegion;
  }

  /** Tells whether the bucket belongs into the path, unless somebody says otherwise. */
  boolean isPathStyle() {
    return pathStyle;
  }

  /** What is known of the service's conditional writes without asking; empty if nothing is. */
  Optional<ConditionalWrites> conditionalWrites() {
    return this == AWS ? Optional.of(ConditionalWrites.ALL) : Optional.empty();
  }

  /** R2 wants all parts of an upload but the last to be of one size. */
  boolean wantsEqualParts() {
    return this == CLOUDFLARE_R2;
  }

  /** The size of parts unless somebody says otherwise, as Litestream has it. */
  int partSize() {
    return wantsEqualParts() || this == TIGRIS ? 16 * MIB : 5 * MIB;
  }

  int concurrency() {
    return this == CLOUDFLARE_R2 || this == TIGRIS ? 2 : 5;
  }

  /** Whether many objects can be deleted by one request. */
  boolean deletesInBatches() {
    return this != GOOGLE;
  }
}
