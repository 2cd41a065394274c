/**
 * A store of LTX files in an S3 bucket, or in what speaks S3: own client on {@code java.net.http}.
 *
 * <p>Start with {@link io.github.ltxjava.store.s3.S3Store} and {@link
 * io.github.ltxjava.store.s3.S3Options}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.store.s3 {
  requires transitive io.github.ltxjava.store;
  requires java.net.http;
  requires java.xml;
  requires static org.jspecify;

  exports io.github.ltxjava.store.s3;
}
