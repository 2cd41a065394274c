package io.github.ltxjava.store.s3;

import io.github.ltxjava.store.ConditionalObject;
import io.github.ltxjava.store.s3.S3Objects.Small;
import java.io.IOException;
import java.util.Optional;

/** A small object that is replaced by its ETag. */
final class S3Object implements ConditionalObject {

  private final S3Objects objects;
  private final Creation creation;
  private final String key;

  S3Object(S3Objects objects, Creation creation, String key) {
    this.objects = objects;
    this.creation = creation;
    this.key = key;
  }

  @Override
  public Optional<Version> read() throws IOException {
    Optional<Small> small = objects.getSmall(key, MAX_SIZE);
    return small.map(object -> new Version(object.content(), object.etag()));
  }

  @Override
  public Optional<Version> replace(Optional<Version> expected, byte[] content) throws IOException {
    ConditionalObject.checkSize(content.length);
    if (!creation.conditions().replace()) {
      throw new UnsupportedOperationException(
          name() + ": the server does not replace objects conditionally, so there is no lease");
    }
    byte[] copy = content.clone();
    return creation
        .replace(key, Payload.of(copy, copy.length), expected.map(Version::tag))
        .map(etag -> new Version(copy, etag));
  }

  @Override
  public String name() {
    return objects.client().nameOf(key);
  }
}
