package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the objects of a bucket are, in a region. Immutable; a server that names another region
 * gives another one.
 *
 * @param base scheme, host and port, and the bucket if it is in the path; ends in a slash
 * @param region what requests are signed for
 */
record S3Endpoint(
    S3Provider provider,
    String base,
    String region,
    Optional<URI> custom,
    boolean pathStyle,
    S3Url url) {

  static S3Endpoint of(S3Url url, S3Options options) {
    if (url.accessPointRegion().isPresent() && options.endpoint.isPresent()) {
      throw new IllegalArgumentException("the ARN of a URL is one of AWS, not of another endpoint");
    }
    Optional<URI> custom =
        url.accessPointRegion().isPresent()
            ? Optional.empty()
            : options.endpoint.or(() -> configuredEndpoint(options.environment));
    boolean clear = custom.isPresent() && custom.get().getScheme().equals("http");
    if (options.customerKey.isPresent() && clear && !isLocal(custom.get().getHost())) {
      throw new IllegalArgumentException("a customer key is only sent by https: " + custom.get());
    }
    S3Provider provider =
        custom.map(uri -> S3Provider.ofHost(uri.getHost())).orElse(S3Provider.AWS);
    String region =
        url.accessPointRegion()
            .or(() -> options.region)
            .or(() -> configuredRegion(options.environment, provider))
            .orElseGet(() -> provider.region(custom.map(URI::getHost).orElse("")));
    boolean dots =
        url.bucket().contains(".") && custom.map(URI::getScheme).orElse("https").equals("https");
    boolean pathStyle =
        url.accessPointRegion().isEmpty()
            && options.pathStyle.orElse(provider.isPathStyle() || dots);
    return new S3Endpoint(
        provider, base(url, custom, pathStyle, region), region, custom, pathStyle, url);
  }

  /** As the AWS tools and Litestream have it. */
  private static Optional<URI> configuredEndpoint(Map<String, String> environment) {
    for (String variable :
        new String[] {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "LITESTREAM_S3_ENDPOINT"}) {
      String text = environment.getOrDefault(variable, "");
      if (!text.isEmpty()) {
        try {
          return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
      }
    }
    return Optional.empty();
  }

  /** What the environment says is meant for AWS, and for servers that do not care. */
  private static Optional<String> configuredRegion(
      Map<String, String> environment, S3Provider provider) {
    if (provider != S3Provider.AWS && provider != S3Provider.OTHER) {
      return Optional.empty();
    }
    for (String variable : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
      String region = environment.getOrDefault(variable, "");
      if (isRegion(region)) {
        return Optional.of(region);
      }
    }
    try {
      AwsProfiles profiles = AwsProfiles.read(environment);
      return profiles.region(profiles.selected()).filter(S3Endpoint::isRegion);
    } catch (IOException e) {
      // The region is a guess that the server corrects; who needs the file for keys hears of it.
      return Optional.empty();
    }
  }

  private static String base(S3Url url, Optional<URI> custom, boolean pathStyle, String region) {
    String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    if (url.accessPointRegion().isPresent()) {
      return "https://" + url.bucket() + ".s3-accesspoint." + region + "." + domain + "/";
    }
    URI endpoint = custom.orElseGet(() -> URI.create("https://s3." + region + "." + domain));
    String authority = endpoint.getRawAuthority();
    return pathStyle
        ? endpoint.getScheme() + "://" + authority + "/" + url.bucket() + "/"
        : endpoint.getScheme() + "://" + url.bucket() + "." + authority + "/";
  }

  /** Returns the same bucket in another region, which a server has named. */
  S3Endpoint in(String newRegion) {
    return new S3Endpoint(
        provider, base(url, custom, pathStyle, newRegion), newRegion, custom, pathStyle, url);
  }

  /** Returns the address of an object, or of the bucket if the key is empty. */
  URI uri(String key, Map<String, String> query) {
    String address = base + UriText.encodePath(key);
    if (key.isEmpty() && pathStyle) {
      address = base.substring(0, base.length() - 1);
    }
    return URI.create(query.isEmpty() ? address : address + "?" + SigV4.queryText(query));
  }

  static boolean isRegion(String text) {
    return text.matches("[a-z0-9-]{1,40}");
  }

  /** Parses an endpoint; without a scheme it is https, except on this machine and network. */
  static URI parse(String text) {
    if (text.contains("://")) {
      return check(URI.create(text));
    }
    URI uri = URI.create("http://" + text);
    boolean local = uri.getHost() != null && isLocal(uri.getHost());
    return check(local ? uri : URI.create("https://" + text));
  }

  static URI check(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "\"" + uri + "\" is not the http or https URL of a server");
    }
    boolean more =
        uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null;
    if (more || !path.isEmpty() && !path.equals("/")) {
      throw new IllegalArgumentException("\"" + uri + "\" has more than a host and a port");
    }
    return URI.create(scheme + "://" + uri.getRawAuthority());
  }

  /** Names and addresses that do not leave this machine or network; nothing is looked up. */
  private static boolean isLocal(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("[::1]")
        || host.matches("(127|10)(\\.\\d{1,3}){3}")
        || host.matches("192\\.168(\\.\\d{1,3}){2}")
        || host.matches("172\\.(1[6-9]|2\\d|3[01])(\\.\\d{1,3}){2}");
  }
}
