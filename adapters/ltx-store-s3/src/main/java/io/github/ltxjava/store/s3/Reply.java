package io.github.ltxjava.store.s3;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * An answer: its head, and its body as it comes.
 *
 * @param status HTTP status
 * @param headers of the answer; as hostile as the body
 * @param body closed by who takes the answer
 */
record Reply(int status, HttpHeaders headers, BodyReader body) {

  static Reply of(HttpResponse<BodyReader> response) {
    return new Reply(response.statusCode(), response.headers(), response.body());
  }

  String header(String name) {
    return optionalHeader(name).orElse("");
  }

  Optional<String> optionalHeader(String name) {
    return headers.firstValue(name);
  }
}
