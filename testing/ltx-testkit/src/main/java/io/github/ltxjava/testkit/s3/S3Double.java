package io.github.ltxjava.testkit.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a store needs of S3, in this process and strictly: signatures are checked against the bytes
 * that came, conditions hold atomically, and what real S3 refuses is refused. Faults can be ordered
 * for requests to come.
 *
 * <p>One bucket, path style, on 127.0.0.1. Safe for many threads.
 */
public final class S3Double implements AutoCloseable {

  /** The name of the bucket. */
  public static final String BUCKET = "bucket";

  /** The key that requests have to be signed with. */
  public static final String ACCESS_KEY = "AKIATESTKIT";

  /** Its secret. */
  public static final String SECRET_KEY = "secret/of+the=testkit";

  private static final DateTimeFormatter HTTP_TIME = DateTimeFormatter.RFC_1123_DATE_TIME;
  private static final String UPLOAD_ID = "uploadId";

  /** What a fault is asked for when one object of many is deleted; not a request by itself. */
  public static final String DELETE_ONE = "DeleteOne";

  /** What a request was: S3's name of its operation and the key. */
  public record Request(String operation, String key, boolean faulty) {}

  private record Stored(byte[] bytes, String etag, Instant modified, Map<String, String> headers) {}

  private record Upload(
      String key, Map<String, String> headers, NavigableMap<Integer, Stored> parts) {}

  private record Ordered(Predicate<Request> which, S3Fault fault, int[] left) {}

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    Refused(int status, String code) {
      super(code, null, false, false);
      this.status = status;
      this.code = code;
    }
  }

  private record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer xml(String xml) {
      return new Answer(200, Map.of("Content-Type", "application/xml"), utf8(xml));
    }

    Answer header(String name, String value) {
      Map<String, String> all = new TreeMap<>(headers);
      all.put(name, value);
      return new Answer(status, all, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final NavigableMap<String, Stored> objects = new TreeMap<>();
  private final Map<String, Upload> uploads = new TreeMap<>();
  private final List<Ordered> orders = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private int nextUpload;
  private int pageSize = 1000;
  private int minPartSize = 5 << 20;
  private String region = "us-east-1";
  private Optional<String> sessionToken = Optional.empty();
  private Duration clockError = Duration.ZERO;
  private boolean conditionalPut = true;
  private boolean conditionalComplete = true;
  private boolean batchDelete = true;

  private S3Double(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Starts a server with an empty bucket on a free port. */
  public static S3Double start() throws IOException {
    // Else each answer waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    return new S3Double(HttpServer.create(new InetSocketAddress(here, 0), 0));
  }

  /** Returns what the store's option or parameter of that name takes. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Sets how many objects a listing returns at a time. */
  public synchronized void pageSize(int objects) {
    pageSize = objects;
  }

  /** Sets how small a part other than the last may be. */
  public synchronized void minPartSize(int bytes) {
    minPartSize = bytes;
  }

  /** Sets the region that requests have to be signed for. */
  public synchronized void region(String name) {
    region = name;
  }

  /** Sets the token that requests have to carry. */
  public synchronized void sessionToken(String token) {
    sessionToken = Optional.of(token);
  }

  /** Sets by how much the server's clock is ahead. */
  public synchronized void clockError(Duration ahead) {
    clockError = ahead;
  }

  /** Makes the server ignore conditions of a PUT, of the end of an upload in parts, or of both. */
  public synchronized void conditions(boolean put, boolean complete) {
    conditionalPut = put;
    conditionalComplete = complete;
  }

  /** Makes the server refuse to delete many objects by one request. */
  public synchronized void batchDelete(boolean possible) {
    batchDelete = possible;
  }

  /** Lets the next requests of an operation fail. */
  public synchronized void fail(String operation, S3Fault fault, int times) {
    failIf(request -> request.operation().equals(operation), fault, times);
  }

  /** Lets the next requests fail that are as described. */
  public synchronized void failIf(Predicate<Request> which, S3Fault fault, int times) {
    orders.add(new Ordered(which, fault, new int[] {times}));
  }

  /** Returns the requests that came, in order. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Returns how many requests of an operation came. */
  public synchronized long count(String operation) {
    return requests.stream().filter(request -> request.operation().equals(operation)).count();
  }

  /** Returns how many connections have brought a request so far. */
  public int connections() {
    return connections.size();
  }

  /** Forgets the requests that came. */
  public synchronized void forgetRequests() {
    requests.clear();
  }

  /** Returns the keys of all objects, ascending. */
  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  /** Returns the content of an object. */
  public synchronized byte[] content(String key) {
    return objects.get(key).bytes().clone();
  }

  /** Returns a header that an object was written with, or null. */
  public synchronized String header(String key, String name) {
    return objects.get(key).headers().get(name);
  }

  /** Writes an object as somebody else would, with metadata by header name. */
  public synchronized void put(String key, byte[] bytes, Map<String, String> headers) {
    objects.put(key, stored(bytes, headers));
  }

  /** Returns how many uploads in parts were neither completed nor aborted. */
  public synchronized int unfinishedUploads() {
    return uploads.size();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress());
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, String> query = query(exchange.getRequestURI());
    String path = exchange.getRequestURI().getPath();
    String key = path.startsWith("/" + BUCKET + "/") ? path.substring(BUCKET.length() + 2) : "";
    String operation = operation(exchange.getRequestMethod(), key, query);
    Optional<S3Fault> fault = note(operation, key);
    try {
      if (fault.isPresent() && before(exchange, fault.get())) {
        return;
      }
      boolean ranges = !fault.equals(Optional.of(S3Fault.IGNORED_RANGE));
      Answer answer = answer(exchange, operation, path, key, query, body, ranges);
      if (fault.isPresent() && after(exchange, fault.get(), answer)) {
        return;
      }
      send(exchange, answer);
    } catch (Refused e) {
      error(exchange, e.status, e.code);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private synchronized Optional<S3Fault> note(String operation, String key) {
    Request request = new Request(operation, key, false);
    for (Ordered order : orders) {
      if (order.left()[0] > 0 && order.which().test(request)) {
        order.left()[0]--;
        requests.add(new Request(operation, key, true));
        return Optional.of(order.fault());
      }
    }
    if (!operation.equals(DELETE_ONE)) {
      requests.add(request);
    }
    return Optional.empty();
  }

  private static String operation(String method, String key, Map<String, String> query) {
    if (key.isEmpty()) {
      return method.equals("GET") ? "ListObjectsV2" : "DeleteObjects";
    }
    return switch (method) {
      case "GET" -> "GetObject";
      case "HEAD" -> "HeadObject";
      case "PUT" -> query.containsKey(UPLOAD_ID) ? "UploadPart" : "PutObject";
      case "DELETE" -> query.containsKey(UPLOAD_ID) ? "AbortMultipartUpload" : "DeleteObject";
      default -> query.containsKey("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
    };
  }

  /** Does what a fault does before the request is looked at; true if that is all. */
  private boolean before(HttpExchange exchange, S3Fault fault) throws IOException, Refused {
    switch (fault) {
      case SLOW_DOWN -> throw new Refused(503, "SlowDown");
      case INTERNAL_ERROR -> throw new Refused(500, "InternalError");
      case CONFLICT -> throw new Refused(409, "ConditionalRequestConflict");
      case ACCESS_DENIED -> throw new Refused(403, "AccessDenied");
      case SKEWED -> throw new Refused(403, "RequestTimeTooSkewed");
      case EXPIRED_TOKEN -> throw new Refused(400, "ExpiredToken");
      case TOO_MANY_REQUESTS -> {
        exchange.getResponseHeaders().set("Retry-After", "0");
        throw new Refused(429, "TooManyRequests");
      }
      case LOST_REQUEST -> {
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  /** Does what a fault does to a good answer; true if that is all. */
  private boolean after(HttpExchange exchange, S3Fault fault, Answer answer)
      throws IOException, Refused, InterruptedException {
    byte[] body = answer.body();
    switch (fault) {
      case INTERNAL_ERROR_AFTERWARDS -> throw new Refused(500, "InternalError");
      case LOST_REPLY -> {
        return true;
      }
      case STALLED_REPLY -> closing.await();
      case CUT_BODY, STALLED_BODY -> {
        OutputStream out = start(exchange, answer, body.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
          out.write(body, 0, body.length / 2);
          out.flush();
        }
        if (fault == S3Fault.STALLED_BODY) {
          closing.await();
        }
      }
      case SLOW_BODY -> {
        OutputStream out = start(exchange, answer, body.length);
        int piece = body.length / 30 + 1;
        for (int at = 0; at < body.length; at += piece) {
          out.write(body, at, Math.min(piece, body.length - at));
          out.flush();
          if (closing.await(100, TimeUnit.MILLISECONDS)) {
            return true;
          }
        }
      }
      case ERROR_IN_BODY -> send(exchange, Answer.xml("<Error><Code>InternalError</Code></Error>"));
      case NOT_XML -> send(exchange, Answer.xml("<html><p>Welcome to the proxy"));
      case WRONG_RANGE -> send(exchange, answer.header("Content-Range", "bytes 1-2/3"));
      case WRONG_TOTAL ->
          send(
              exchange,
              answer.header(
                  "Content-Range",
                  answer.headers().get("Content-Range").replaceAll("/\\d+", "/999999")));
      case ENDLESS_BODY -> {
        OutputStream out = start(exchange, answer, 0);
        byte[] more = utf8("<a>".repeat(10_000));
        try {
          for (long sent = 0; sent < 1L << 30; sent += more.length) {
            out.write(more);
          }
        } catch (IOException e) {
          return true;
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body();
    boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    try (OutputStream out = start(exchange, answer, none ? -1 : body.length)) {
      if (!none) {
        out.write(body);
      }
    }
  }

  private static OutputStream start(HttpExchange exchange, Answer answer, long length)
      throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean none = exchange.getRequestMethod().equals("HEAD") || answer.status() == 204;
    exchange.sendResponseHeaders(answer.status(), none ? -1 : length);
    return exchange.getResponseBody();
  }

  private void error(HttpExchange exchange, int status, String code) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Date", HTTP_TIME.format(serverTime().atZone(ZoneOffset.UTC)));
    if (code.equals("AuthorizationHeaderMalformed")) {
      exchange.getResponseHeaders().set("x-amz-bucket-region", currentRegion());
    }
    if (status == 304 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    byte[] body =
        utf8(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
                + code
                + "</Code><Message>said by the double</Message></Error>");
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private synchronized Instant serverTime() {
    return Instant.now().plus(clockError);
  }

  private synchronized String currentRegion() {
    return region;
  }

  private synchronized Answer answer(
      HttpExchange exchange,
      String operation,
      String path,
      String key,
      Map<String, String> query,
      byte[] body,
      boolean ranges)
      throws Refused {
    Headers headers = exchange.getRequestHeaders();
    Optional<String> problem =
        S3Signature.problem(exchange, body, ACCESS_KEY, SECRET_KEY, region, serverTime());
    if (problem.isPresent()) {
      int status = problem.get().equals("AuthorizationHeaderMalformed") ? 400 : 403;
      throw new Refused(status, problem.get());
    }
    if (sessionToken.isPresent()
        && !sessionToken.get().equals(headers.getFirst("x-amz-security-token"))) {
      throw new Refused(400, "InvalidToken");
    }
    if (!path.equals("/" + BUCKET) && !path.startsWith("/" + BUCKET + "/")) {
      throw new Refused(404, "NoSuchBucket");
    }
    checkMd5(headers, body);
    return switch (operation) {
      case "ListObjectsV2" -> list(query);
      case "DeleteObjects" -> deleteMany(headers, body);
      case "GetObject", "HeadObject" -> get(key, headers, ranges);
      case "PutObject" -> {
        checkConditions(key, headers, conditionalPut);
        Stored stored = stored(body, kept(headers));
        objects.put(key, stored);
        yield Answer.of(200).header("ETag", stored.etag());
      }
      case "DeleteObject" -> {
        objects.remove(key);
        yield Answer.of(204);
      }
      case "CreateMultipartUpload" -> {
        String id = "upload/" + ++nextUpload + "+";
        uploads.put(id, new Upload(key, kept(headers), new TreeMap<>()));
        yield Answer.xml(
            "<InitiateMultipartUploadResult><UploadId>"
                + id
                + "</UploadId></InitiateMultipartUploadResult>");
      }
      case "UploadPart" -> {
        Stored part = stored(body, Map.of());
        upload(key, query).parts().put(Integer.parseInt(query.get("partNumber")), part);
        yield Answer.of(200).header("ETag", part.etag());
      }
      case "AbortMultipartUpload" -> {
        upload(key, query);
        uploads.remove(query.get(UPLOAD_ID));
        yield Answer.of(204);
      }
      default -> complete(key, headers, query, body);
    };
  }

  private static void checkMd5(Headers headers, byte[] body) throws Refused {
    String md5 = headers.getFirst("Content-MD5");
    if (md5 != null
        && !md5.equals(Base64.getEncoder().encodeToString(S3Signature.digest("MD5", body)))) {
      throw new Refused(400, "BadDigest");
    }
  }

  private void checkConditions(String key, Headers headers, boolean honoured) throws Refused {
    Stored stored = objects.get(key);
    String ifMatch = headers.getFirst("If-Match");
    if (!honoured) {
      return;
    }
    if (headers.getFirst("If-None-Match") != null && stored != null) {
      throw new Refused(412, "PreconditionFailed");
    }
    if (ifMatch != null && stored == null) {
      throw new Refused(404, "NoSuchKey");
    }
    if (ifMatch != null && !ifMatch.equals(stored.etag())) {
      throw new Refused(412, "PreconditionFailed");
    }
  }

  /** The headers of a request that stay with its object. */
  private static Map<String, String> kept(Headers headers) {
    Map<String, String> kept = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("x-amz-meta-")
              || lower.startsWith("x-amz-server-side-")
              || lower.equals("x-amz-storage-class")
              || lower.equals("content-type")) {
            kept.put(lower, values.get(0));
          }
        });
    return kept;
  }

  private Stored stored(byte[] bytes, Map<String, String> headers) {
    String etag = "\"" + HexFormat.of().formatHex(S3Signature.digest("MD5", bytes)) + "\"";
    return new Stored(
        bytes.clone(), etag, serverTime().truncatedTo(ChronoUnit.SECONDS), Map.copyOf(headers));
  }

  private Answer get(String key, Headers headers, boolean ranges) throws Refused {
    Stored stored = objects.get(key);
    if (stored == null) {
      throw new Refused(404, "NoSuchKey");
    }
    String customerKey = "x-amz-server-side-encryption-customer-key";
    String needed = stored.headers().get(customerKey);
    if (needed != null && !needed.equals(headers.getFirst(customerKey))) {
      throw new Refused(400, "InvalidRequest");
    }
    if (headers.getFirst("If-Match") != null
        && !headers.getFirst("If-Match").equals(stored.etag())) {
      throw new Refused(412, "PreconditionFailed");
    }
    Map<String, String> answered = new TreeMap<>();
    stored
        .headers()
        .forEach(
            (name, value) -> {
              if (!name.endsWith("customer-key")) {
                answered.put(name, value);
              }
            });
    answered.put("ETag", stored.etag());
    answered.put("Last-Modified", httpTime(stored.modified()));
    byte[] bytes = stored.bytes();
    String range = headers.getFirst("Range");
    if (range == null || !ranges) {
      answered.put("Content-Length", Integer.toString(bytes.length));
      return new Answer(200, answered, bytes);
    }
    Matcher matcher = Pattern.compile("bytes=(\\d+)-(\\d+)").matcher(range);
    if (!matcher.matches()) {
      throw new Refused(400, "InvalidArgument");
    }
    long from = Long.parseLong(matcher.group(1));
    long last = Math.min(Long.parseLong(matcher.group(2)), bytes.length - 1L);
    if (from >= bytes.length) {
      throw new Refused(416, "InvalidRange");
    }
    answered.put("Content-Range", "bytes " + from + "-" + last + "/" + bytes.length);
    return new Answer(206, answered, Arrays.copyOfRange(bytes, (int) from, (int) last + 1));
  }

  private static String httpTime(Instant time) {
    return HTTP_TIME.format(ZonedDateTime.ofInstant(time, ZoneOffset.UTC));
  }

  private Answer list(Map<String, String> query) throws Refused {
    if (!"2".equals(query.get("list-type"))) {
      throw new Refused(501, "NotImplemented");
    }
    String prefix = query.getOrDefault("prefix", "");
    String after = query.getOrDefault("start-after", "");
    if (query.containsKey("continuation-token")) {
      after =
          new String(
              Base64.getDecoder().decode(query.get("continuation-token")), StandardCharsets.UTF_8);
    }
    StringBuilder xml =
        new StringBuilder("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    xml.append("<EncodingType>url</EncodingType>");
    int count = 0;
    String last = "";
    boolean truncated = false;
    for (Map.Entry<String, Stored> entry : objects.tailMap(after, false).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        continue;
      }
      if (count == pageSize) {
        truncated = true;
        break;
      }
      count++;
      last = entry.getKey();
      Stored stored = entry.getValue();
      xml.append("<Contents><Key>")
          .append(URLEncoder.encode(last, StandardCharsets.UTF_8).replace("%2F", "/"))
          .append("</Key><LastModified>")
          .append(stored.modified())
          .append("</LastModified><ETag>")
          .append(stored.etag().replace("\"", "&quot;"))
          .append("</ETag><Size>")
          .append(stored.bytes().length)
          .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }
    xml.append("<KeyCount>").append(count).append("</KeyCount>");
    xml.append("<IsTruncated>").append(truncated).append("</IsTruncated>");
    if (truncated) {
      xml.append("<NextContinuationToken>")
          .append(Base64.getEncoder().encodeToString(utf8(last)))
          .append("</NextContinuationToken>");
    }
    return Answer.xml(xml.append("</ListBucketResult>").toString());
  }

  private Answer deleteMany(Headers headers, byte[] body) throws Refused {
    if (!batchDelete) {
      throw new Refused(501, "NotImplemented");
    }
    if (headers.getFirst("Content-MD5") == null) {
      throw new Refused(400, "InvalidRequest");
    }
    Matcher keys =
        Pattern.compile("<Key>([^<]*)</Key>").matcher(new String(body, StandardCharsets.UTF_8));
    StringBuilder xml = new StringBuilder("<DeleteResult>");
    int count = 0;
    while (keys.find()) {
      if (++count > 1000) {
        throw new Refused(400, "MalformedXML");
      }
      String key = keys.group(1);
      Optional<S3Fault> fault = note(DELETE_ONE, key);
      if (fault.isPresent()) {
        String code = fault.get() == S3Fault.SLOW_DOWN ? "SlowDown" : "AccessDenied";
        xml.append("<Error><Key>")
            .append(key)
            .append("</Key><Code>")
            .append(code)
            .append("</Code><Message>said by the double</Message></Error>");
      } else {
        objects.remove(key);
      }
    }
    return Answer.xml(xml.append("</DeleteResult>").toString());
  }

  private Upload upload(String key, Map<String, String> query) throws Refused {
    Upload upload = uploads.get(query.get(UPLOAD_ID));
    if (upload == null || !upload.key().equals(key)) {
      throw new Refused(404, "NoSuchUpload");
    }
    return upload;
  }

  private Answer complete(String key, Headers headers, Map<String, String> query, byte[] body)
      throws Refused {
    Upload upload = upload(key, query);
    Matcher parts =
        Pattern.compile("<Part><PartNumber>(\\d+)</PartNumber><ETag>([^<]*)</ETag></Part>")
            .matcher(new String(body, StandardCharsets.UTF_8));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int before = 0;
    int sizeBefore = Integer.MAX_VALUE;
    while (parts.find()) {
      int number = Integer.parseInt(parts.group(1));
      Stored part = upload.parts().get(number);
      if (part == null || !part.etag().equals(parts.group(2).replace("&quot;", "\""))) {
        throw new Refused(400, "InvalidPart");
      }
      if (number <= before) {
        throw new Refused(400, "InvalidPartOrder");
      }
      if (sizeBefore < minPartSize) {
        throw new Refused(400, "EntityTooSmall");
      }
      before = number;
      sizeBefore = part.bytes().length;
      bytes.writeBytes(part.bytes());
    }
    if (before == 0) {
      throw new Refused(400, "MalformedXML");
    }
    checkConditions(key, headers, conditionalComplete);
    Stored stored = stored(bytes.toByteArray(), upload.headers());
    objects.put(key, stored);
    uploads.remove(query.get(UPLOAD_ID));
    return Answer.xml(
        "<CompleteMultipartUploadResult><ETag>"
            + stored.etag().replace("\"", "&quot;")
            + "</ETag></CompleteMultipartUploadResult>");
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    String raw = uri.getRawQuery();
    if (raw != null) {
      for (String part : raw.split("&")) {
        int equals = part.indexOf('=');
        query.put(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
