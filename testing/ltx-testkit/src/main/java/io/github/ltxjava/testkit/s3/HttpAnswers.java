package io.github.ltxjava.testkit.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server on 127.0.0.1 that gives prepared answers, and 404 to everything else. */
public final class HttpAnswers implements AutoCloseable {

  private final HttpServer server;
  private final List<String> headers;
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private HttpAnswers(HttpServer server, List<String> headers) {
    this.server = server;
    this.headers = headers;
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Starts a server on a free port.
   *
   * @param headers whose values are part of a question, where they are there
   */
  public static HttpAnswers start(String... headers) throws IOException {
    InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    return new HttpAnswers(HttpServer.create(new InetSocketAddress(here, 0), 0), List.of(headers));
  }

  /** Returns the start of all URLs, without a slash at its end. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Prepares an answer.
   *
   * @param question method, path and the values of the headers, with a space between them
   */
  public void answer(String question, String answer) {
    answers.put(question, answer);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String question =
        Stream.concat(
                Stream.of(exchange.getRequestMethod(), exchange.getRequestURI().toString()),
                headers.stream()
                    .map(exchange.getRequestHeaders()::getFirst)
                    .filter(value -> value != null))
            .collect(Collectors.joining(" "));
    String answer = answers.get(question);
    byte[] bytes = (answer == null ? question : answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
