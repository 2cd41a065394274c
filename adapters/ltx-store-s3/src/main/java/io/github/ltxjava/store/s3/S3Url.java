package io.github.ltxjava.store.s3;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL {@code s3://bucket/path?parameter=value} names.
 *
 * @param bucket name of the bucket, or of an access point with its account
 * @param accessPointRegion region of the access point, if it is one
 * @param prefix what all keys start with: empty, or ending in a slash
 * @param parameters as written, decoded
 */
record S3Url(
    String bucket,
    Optional<String> accessPointRegion,
    String prefix,
    Map<String, String> parameters) {

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
  private static final Pattern ACCESS_POINT =
      Pattern.compile(
          "arn:aws(?:-[a-z-]+)?:s3:([a-z0-9-]+):(\\d{12}):accesspoint[:/]([a-z0-9-]{3,50})(/.*)?");
  private static final int MAX_PREFIX = 900;

  /**
   * Parses a URL.
   *
   * @throws IllegalArgumentException if it is none of S3, or something in it is not understood
   */
  static S3Url parse(URI uri) {
    if (!"s3".equalsIgnoreCase(uri.getScheme())) {
      throw bad(uri, "it does not start with s3://");
    }
    if (uri.getRawFragment() != null) {
      throw bad(uri, "it has a part after #");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    if (uri.getRawQuery() != null) {
      for (String part : uri.getRawQuery().split("&", -1)) {
        int equals = part.indexOf('=');
        String name = decode(equals < 0 ? part : part.substring(0, equals));
        String value = equals < 0 ? "" : decode(part.substring(equals + 1));
        if (!name.isEmpty() && parameters.put(name, value) != null) {
          throw bad(uri, "it says \"" + name + "\" twice");
        }
      }
    }
    String authority = uri.getAuthority() == null ? "" : uri.getAuthority();
    String path = uri.getPath() == null ? "" : uri.getPath();
    String raw = parameters.remove("raw-prefix");
    if (authority.startsWith("arn:")) {
      Matcher matcher = ACCESS_POINT.matcher(authority + path);
      if (!matcher.matches()) {
        throw bad(uri, "it is not the ARN of an access point in a region");
      }
      String rest = matcher.group(4) == null ? "" : matcher.group(4);
      return new S3Url(
          matcher.group(3) + "-" + matcher.group(2),
          Optional.of(matcher.group(1)),
          prefix(uri, rest, raw),
          parameters);
    }
    if (!BUCKET.matcher(authority).matches()) {
      throw bad(uri, "\"" + authority + "\" is not the name of a bucket");
    }
    return new S3Url(authority, Optional.empty(), prefix(uri, path, raw), parameters);
  }

  /**
   * Keys neither start with a slash nor have two in a row. Litestream, given a URL without a path,
   * writes keys that do, or that start with a dot; those are reached by {@code raw-prefix}.
   */
  private static String prefix(URI uri, String path, @Nullable String raw) {
    String prefix;
    if (raw != null) {
      prefix = raw + "/";
    } else {
      prefix = normalize(path);
    }
    if (prefix.length() > MAX_PREFIX) {
      throw bad(uri, "its path is longer than " + MAX_PREFIX + " characters");
    }
    return prefix;
  }

  static String normalize(String path) {
    StringBuilder prefix = new StringBuilder();
    for (String part : path.split("/", -1)) {
      if (part.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("the path of a URL has a control character");
      }
      if (part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException(
            "the path \"" + path + "\" of a URL has a part \"" + part + "\"");
      }
      if (!part.isEmpty()) {
        prefix.append(part).append('/');
      }
    }
    return prefix.toString();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException bad(URI uri, String why) {
    // Not the query, which may hold a key.
    String text = uri.toString().replaceAll("\\?.*", "?...");
    return new IllegalArgumentException("\"" + text + "\" is not a URL of S3: " + why);
  }
}
