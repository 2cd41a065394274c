package io.github.ltxjava.store.s3;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a store in S3 is reached. Immutable; {@link #builder} starts from the defaults, which suit
 * AWS with the credentials of the environment. What a URL's parameters say counts more.
 */
public final class S3Options {

  /** The smallest part of an upload in parts, in bytes. */
  public static final int MIN_PART_SIZE = 5 << 20;

  /** The largest part of an upload in parts, in bytes; it is held in memory. */
  public static final int MAX_PART_SIZE = 1 << 30;

  /** How this process calls itself, found out when it is first needed. */
  private static final class ThisProcess {
    static final String NAME = hostName() + ":" + ProcessHandle.current().pid();

    private static String hostName() {
      String name = System.getenv().getOrDefault("HOSTNAME", "");
      if (name.isEmpty()) {
        try {
          name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
          name = "localhost";
        }
      }
      return name.replaceAll("[^A-Za-z0-9._-]", "-");
    }
  }

  /** What to believe about a server's conditional writes. */
  public enum Conditions {
    /** What is known of the service, else what a few requests on an object of their own show. */
    ASK,
    /** The server ignores conditions, or does not check them atomically. */
    NONE,
    /** Only that an object sent by one request is created and never replaced. */
    CREATE,
    /** All of them. */
    ALL
  }

  final S3CredentialsProvider credentials;
  final Optional<String> region;
  final Optional<URI> endpoint;
  final Optional<Boolean> pathStyle;
  final boolean signPayload;
  final boolean verifyCertificates;
  final boolean contentMd5;
  final Optional<String> storageClass;
  final Optional<byte[]> customerKey;
  final Optional<String> kmsKeyId;
  final Optional<Integer> partSize;
  final Optional<Integer> concurrency;
  final Conditions conditions;
  final int maxAttempts;
  final Duration stallTimeout;
  final Duration maxBackoff;
  final String owner;
  final S3Listener listener;
  final Clock clock;
  final Map<String, String> environment;

  private S3Options(Builder builder) {
    credentials = builder.credentials;
    region = builder.region;
    endpoint = builder.endpoint;
    pathStyle = builder.pathStyle;
    signPayload = builder.signPayload;
    verifyCertificates = builder.verifyCertificates;
    contentMd5 = builder.contentMd5;
    storageClass = builder.storageClass;
    customerKey = builder.customerKey;
    kmsKeyId = builder.kmsKeyId;
    partSize = builder.partSize;
    concurrency = builder.concurrency;
    conditions = builder.conditions;
    maxAttempts = builder.maxAttempts;
    stallTimeout = builder.stallTimeout;
    maxBackoff = builder.maxBackoff;
    owner = builder.owner;
    listener = builder.listener;
    clock = builder.clock;
    environment = builder.environment;
  }

  /** Returns the defaults. */
  public static S3Options defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.credentials = credentials;
    builder.region = region;
    builder.endpoint = endpoint;
    builder.pathStyle = pathStyle;
    builder.signPayload = signPayload;
    builder.verifyCertificates = verifyCertificates;
    builder.contentMd5 = contentMd5;
    builder.storageClass = storageClass;
    builder.customerKey = customerKey;
    builder.kmsKeyId = kmsKeyId;
    builder.partSize = partSize;
    builder.concurrency = concurrency;
    builder.conditions = conditions;
    builder.maxAttempts = maxAttempts;
    builder.stallTimeout = stallTimeout;
    builder.maxBackoff = maxBackoff;
    builder.owner = owner;
    builder.listener = listener;
    builder.clock = clock;
    builder.environment = environment;
    return builder;
  }

  /** Builds {@link S3Options}; belongs to one thread. */
  public static final class Builder {
    private S3CredentialsProvider credentials = S3CredentialsProvider.standard();
    private Optional<String> region = Optional.empty();
    private Optional<URI> endpoint = Optional.empty();
    private Optional<Boolean> pathStyle = Optional.empty();
    private boolean signPayload = true;
    private boolean verifyCertificates = true;
    private boolean contentMd5;
    private Optional<String> storageClass = Optional.empty();
    private Optional<byte[]> customerKey = Optional.empty();
    private Optional<String> kmsKeyId = Optional.empty();
    private Optional<Integer> partSize = Optional.empty();
    private Optional<Integer> concurrency = Optional.empty();
    private Conditions conditions = Conditions.ASK;
    private int maxAttempts = 8;
    private Duration stallTimeout = Duration.ofSeconds(30);
    private Duration maxBackoff = Duration.ofSeconds(5);
    private String owner = ThisProcess.NAME;
    private S3Listener listener = (operation, status, sentBytes, attempt, duration) -> {};
    private Clock clock = Clock.systemUTC();
    private Map<String, String> environment = System.getenv();

    private Builder() {}

    /** What requests are signed with; by default {@link S3CredentialsProvider#standard}. */
    public Builder credentials(S3CredentialsProvider provider) {
      credentials = provider;
      return this;
    }

    /**
     * The region that requests are signed for; by default what {@code AWS_REGION}, the profile or
     * the endpoint's host says. A server that names another one is believed.
     *
     * @throws IllegalArgumentException if it cannot be a region
     */
    public Builder region(String name) {
      if (!S3Endpoint.isRegion(name)) {
        throw new IllegalArgumentException("\"" + name + "\" is not a region");
      }
      region = Optional.of(name);
      return this;
    }

    /**
     * Where the service is, if not at AWS.
     *
     * @param uri with scheme and host, and a port if need be; no path
     * @throws IllegalArgumentException if it has another form
     */
    public Builder endpoint(URI uri) {
      endpoint = Optional.of(S3Endpoint.check(uri));
      return this;
    }

    /**
     * Whether the bucket's name is in the path instead of the host; by default as the service likes
     * it.
     */
    public Builder pathStyle(boolean inPath) {
      pathStyle = Optional.of(inPath);
      return this;
    }

    /** Whether the signature covers the bodies, which costs a SHA-256 of them; true by default. */
    public Builder signPayload(boolean sign) {
      signPayload = sign;
      return this;
    }

    /** Whether the server has to prove by a certificate who it is; true by default. */
    public Builder verifyCertificates(boolean verify) {
      verifyCertificates = verify;
      return this;
    }

    /** Whether objects are sent with {@code Content-MD5}, which buckets with Object Lock want. */
    public Builder contentMd5(boolean send) {
      contentMd5 = send;
      return this;
    }

    /** The storage class of new objects, such as {@code STANDARD_IA}. */
    public Builder storageClass(String name) {
      storageClass = Optional.of(headerText(name));
      return this;
    }

    /**
     * Encrypts with this key at the server (SSE-C): it is sent with every request, and who loses it
     * loses the objects.
     *
     * @param key 32 bytes
     * @throws IllegalArgumentException if it has another length
     */
    public Builder customerKey(byte[] key) {
      if (key.length != 32) {
        throw new IllegalArgumentException("a customer key is 32 bytes, not " + key.length);
      }
      customerKey = Optional.of(key.clone());
      return this;
    }

    /** Encrypts with this key of the key management service (SSE-KMS). */
    public Builder kmsKeyId(String id) {
      kmsKeyId = Optional.of(headerText(id));
      return this;
    }

    /**
     * The size of the parts of large files, in bytes. They grow after a thousand parts each, so
     * that 10,000, the most there can be, hold 3 TiB by default. Smaller files are sent by one
     * request.
     *
     * @throws IllegalArgumentException if it is not from {@link #MIN_PART_SIZE} to {@link
     *     #MAX_PART_SIZE}
     */
    public Builder partSize(int bytes) {
      if (bytes < MIN_PART_SIZE || bytes > MAX_PART_SIZE) {
        throw new IllegalArgumentException(
            "a part of " + bytes + " bytes is not from " + MIN_PART_SIZE + " to " + MAX_PART_SIZE);
      }
      partSize = Optional.of(bytes);
      return this;
    }

    /**
     * How many parts of a file are sent at once, and how many objects are asked for at once.
     *
     * @throws IllegalArgumentException if it is not from 1 to 64
     */
    public Builder concurrency(int requests) {
      if (requests < 1 || requests > 64) {
        throw new IllegalArgumentException("concurrency " + requests + " is not from 1 to 64");
      }
      concurrency = Optional.of(requests);
      return this;
    }

    /** What to believe about the server's conditional writes; {@link Conditions#ASK} by default. */
    public Builder conditions(Conditions believed) {
      conditions = believed;
      return this;
    }

    /**
     * How often a request is made until it is given up; 8 by default.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder maxAttempts(int attempts) {
      if (attempts < 1) {
        throw new IllegalArgumentException("attempts " + attempts);
      }
      maxAttempts = attempts;
      return this;
    }

    /** For how long nothing may be sent or received until a request counts as failed; 30 s. */
    public Builder stallTimeout(Duration timeout) {
      stallTimeout = timeout;
      return this;
    }

    /** The longest pause before a request is repeated, unless the server asks for more; 5 s. */
    public Builder maxBackoff(Duration pause) {
      maxBackoff = pause;
      return this;
    }

    /** What others learn of who wrote a file; by default the host and the process. */
    public Builder owner(String name) {
      owner = headerText(name);
      return this;
    }

    /** Who is told of requests. */
    public Builder listener(S3Listener listener) {
      this.listener = listener;
      return this;
    }

    /** For tests, whose servers take smaller parts. */
    Builder anyPartSize(int bytes) {
      partSize = Optional.of(bytes);
      return this;
    }

    Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    Builder environment(Map<String, String> variables) {
      environment = Map.copyOf(variables);
      return this;
    }

    /**
     * Sets what a parameter of a URL says.
     *
     * @param name with hyphens, {@code part-size}, or as Litestream has it, {@code partSize}
     * @throws IllegalArgumentException if there is no such parameter, or it cannot have this value
     */
    Builder parameter(String name, String value) {
      switch (name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT)) {
        case "endpoint" -> endpoint(S3Endpoint.parse(value));
        case "region" -> region(value);
        case "force-path-style" -> pathStyle(flag(value));
        case "sign-payload" -> signPayload(flag(value));
        case "skip-verify" -> verifyCertificates(!flag(value));
        case "put-object-content-md5", "put-object-content-md-5" -> contentMd5(flag(value));
        case "storage-class" -> storageClass(value);
        case "sse-customer-key" -> customerKey(Base64.getDecoder().decode(value));
        case "sse-kms-key-id" -> kmsKeyId(value);
        case "part-size" -> partSize(size(value));
        case "concurrency" -> concurrency(Integer.parseInt(value));
        case "conditions" -> conditions(Conditions.valueOf(value.toUpperCase(Locale.ROOT)));
        case "profile" -> credentials(S3CredentialsProvider.profile(value));
        case "sse-customer-algorithm" -> {
          if (!value.equals("AES256")) {
            throw new IllegalArgumentException("it can only be AES256");
          }
        }
        case "sse-customer-key-md5", "sse-customer-key-md-5" -> {
          // The digest follows from the key.
        }
        case "require-content-md5", "require-content-md-5", "sign-accept-encoding" -> {
          // A deletion always has its digest, and Accept-Encoding is never sent.
        }
        default -> throw new IllegalArgumentException("there is no such parameter");
      }
      return this;
    }

    private static boolean flag(String value) {
      return switch (value) {
        case "true", "1", "" -> true;
        case "false", "0" -> false;
        default -> throw new IllegalArgumentException("neither true nor false");
      };
    }

    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})(?i:([KMG])(i?)B?)?");

    private static int size(String value) {
      Matcher matcher = SIZE.matcher(value.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not a number of bytes");
      }
      long unit = matcher.group(3) != null && !matcher.group(3).isEmpty() ? 1024 : 1000;
      long size = Long.parseLong(matcher.group(1));
      if (matcher.group(2) != null) {
        int power = "KMG".indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        for (int i = 0; i < power; i++) {
          size *= unit;
        }
      }
      return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** Visible ASCII, so that no header can carry another one. */
    private static String headerText(String text) {
      if (!text.matches("[\\x20-\\x7e]{1,256}")) {
        throw new IllegalArgumentException("\"" + text + "\" cannot be sent in a header");
      }
      return text;
    }

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if two of them exclude each other
     */
    public S3Options build() {
      if (customerKey.isPresent() && kmsKeyId.isPresent()) {
        throw new IllegalArgumentException("objects are encrypted by one key, not by two");
      }
      return new S3Options(this);
    }
  }
}
