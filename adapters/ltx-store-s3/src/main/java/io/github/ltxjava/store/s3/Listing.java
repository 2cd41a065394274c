package io.github.ltxjava.store.s3;

import io.github.ltxjava.store.s3.S3Objects.Listed;
import io.github.ltxjava.store.s3.S3Objects.Page;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The answer to ListObjectsV2. */
final class Listing {

  private Listing() {}

  /**
   * Parses an answer.
   *
   * @throws IOException if it is no listing, or says something that cannot be
   */
  static Page parse(byte[] body) throws IOException {
    XmlElement root = XmlElement.parse(body, "ListBucketResult");
    boolean encoded = root.text("EncodingType").equals("url");
    List<Listed> objects = new ArrayList<>();
    for (XmlElement contents : root.all("Contents").toList()) {
      try {
        String key = contents.exactText("Key");
        long size = Long.parseLong(contents.text("Size"));
        if (size < 0) {
          throw new IllegalArgumentException("size " + size + " of " + key);
        }
        objects.add(
            new Listed(
                encoded ? URLDecoder.decode(key, StandardCharsets.UTF_8) : key,
                size,
                OffsetDateTime.parse(contents.text("LastModified")).toInstant()));
      } catch (IllegalArgumentException | DateTimeException e) {
        throw new IOException("the answer is not a listing: " + e.getMessage(), e);
      }
    }
    Optional<String> next = Optional.empty();
    if (root.text("IsTruncated").equals("true")) {
      next = Optional.of(root.exactText("NextContinuationToken"));
      if (next.get().isEmpty()) {
        throw new IOException("the listing has more, but no way to it");
      }
    }
    return new Page(objects, next);
  }
}
