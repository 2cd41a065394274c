package io.github.ltxjava.tools.ltx;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.ltxjava.Txid;
import io.github.ltxjava.replica.ReplicaStatus;
import io.github.ltxjava.replica.ReplicaStatus.LevelStatus;
import io.github.ltxjava.replica.ReplicaStatus.State;
import io.github.ltxjava.replica.ReplicaStatus.StoreStatus;
import io.github.ltxjava.replica.RequestCounts;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Serves the status of a replica as Prometheus reads it, at {@code /metrics}. */
final class Metrics implements Closeable {

  private static final int MAX_PORT = 65_535;

  private final HttpServer server;

  private Metrics(HttpServer server) {
    this.server = server;
  }

  /**
   * Reads an address: a port, or a host and a port.
   *
   * @throws UsageException if it is something else
   */
  static InetSocketAddress address(String text) throws UsageException {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port < 0 || port > MAX_PORT) {
        throw new NumberFormatException();
      }
      InetSocketAddress address =
          colon <= 0
              ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
              : new InetSocketAddress(text.substring(0, colon), port);
      if (!address.isUnresolved()) {
        return address;
      }
    } catch (NumberFormatException e) {
      throw new UsageException("--metrics: \"" + text + "\" does not end with a port");
    }
    throw new UsageException("--metrics: there is no host \"" + text.substring(0, colon) + "\"");
  }

  /**
   * Starts to serve.
   *
   * @throws IOException if the port is taken
   */
  static Metrics serve(InetSocketAddress address, String database, Supplier<ReplicaStatus> status)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException("--metrics " + address + ": " + e.getMessage(), e);
    }
    server.createContext("/metrics", exchange -> answer(exchange, database, status));
    server.start();
    return new Metrics(server);
  }

  String url() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort()
        + "/metrics";
  }

  private static void answer(HttpExchange exchange, String database, Supplier<ReplicaStatus> status)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      byte[] body = text(database, status.get()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(200, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Samples by the name of their metric, in the order in which they come. */
  private static final class Samples {
    private final Map<String, StringBuilder> byMetric = new LinkedHashMap<>();
    private final List<String> labels = new ArrayList<>();

    /** Sets the labels of what follows: names and values in turn. */
    Samples labelled(String... pairs) {
      labels.clear();
      for (int i = 0; i < pairs.length; i += 2) {
        labels.add(pairs[i] + "=\"" + escaped(pairs[i + 1]) + "\"");
      }
      return this;
    }

    Samples add(String name, String type, String help, Object value) {
      byMetric
          .computeIfAbsent(
              name,
              key ->
                  new StringBuilder("# HELP ltx_")
                      .append(key)
                      .append(' ')
                      .append(help)
                      .append("\n# TYPE ltx_")
                      .append(key)
                      .append(' ')
                      .append(type)
                      .append('\n'))
          .append("ltx_")
          .append(name)
          .append('{')
          .append(String.join(",", labels))
          .append("} ")
          .append(value)
          .append('\n');
      return this;
    }

    private static String escaped(String value) {
      return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    String text() {
      return String.join("", byMetric.values());
    }
  }

  /** Returns the status as text. */
  static String text(String database, ReplicaStatus status) {
    Samples samples = new Samples().labelled("db", database);
    samples.add("up", "gauge", "1 while capturing works.", status.state() == State.RUNNING ? 1 : 0);
    samples.add("txid", "gauge", "Newest transaction captured.", number(status.txid()));
    samples.add("wal_frames", "gauge", "Captured frames in the WAL.", status.walFrames());
    samples.add("wal_captured_bytes_total", "counter", "Bytes of WAL captured.", status.walBytes());
    for (StoreStatus store : status.stores()) {
      add(samples.labelled("db", database, "store", store.name()), store);
      for (LevelStatus level : store.levels()) {
        samples.labelled(
            "db", database, "store", store.name(), "level", Integer.toString(level.level()));
        samples.add("store_files", "gauge", "Files of a level.", level.files());
        samples.add("store_bytes", "gauge", "Bytes of a level.", level.bytes());
      }
      REQUESTS.forEach(
          (kind, count) ->
              samples
                  .labelled("db", database, "store", store.name(), "kind", kind)
                  .add(
                      "store_requests_total",
                      "counter",
                      "What was asked of a store.",
                      count.apply(store.requests())));
    }
    return samples.text();
  }

  private static final Map<String, Function<RequestCounts, Long>> REQUESTS = new LinkedHashMap<>();

  static {
    REQUESTS.put("list", RequestCounts::lists);
    REQUESTS.put("read", RequestCounts::reads);
    REQUESTS.put("create", RequestCounts::creates);
    REQUESTS.put("delete", RequestCounts::deletes);
  }

  private static void add(Samples samples, StoreStatus store) {
    samples
        .add(
            "store_up",
            "gauge",
            "1 while writing to a store works.",
            store.state() == State.RUNNING ? 1 : 0)
        .add(
            "store_fenced",
            "gauge",
            "1 once another writer was found there.",
            store.state() == State.FENCED ? 1 : 0)
        .add("store_txid", "gauge", "Newest transaction in a store.", number(store.txid()))
        .add(
            "store_lag_transactions",
            "gauge",
            "Transactions a store lacks.",
            store.lagTransactions())
        .add("store_lag_bytes", "gauge", "Bytes a store lacks.", store.lagBytes())
        .add(
            "store_lag_seconds",
            "gauge",
            "Age of what a store lacks.",
            store.lag().toMillis() / 1000.0)
        .add(
            "store_written_bytes_total",
            "counter",
            "Bytes written to a store.",
            store.requests().bytesWritten())
        .add(
            "store_read_bytes_total",
            "counter",
            "Bytes read from a store.",
            store.requests().bytesRead());
    store
        .newestSnapshot()
        .ifPresent(
            time ->
                samples.add(
                    "store_snapshot_timestamp_seconds",
                    "gauge",
                    "When the newest snapshot was made.",
                    time.toEpochMilli() / 1000));
  }

  private static long number(Optional<Txid> txid) {
    return txid.map(Txid::value).orElse(0L);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
