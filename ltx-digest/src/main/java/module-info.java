/**
 * Cryptographic digests of LTX files and of their content, for manifests and for comparing files.
 *
 * <p>The checksums of the format catch accidents; they are no protection against tampering.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.digest {
  requires transitive io.github.ltxjava;
  requires org.bouncycastle.provider;
  requires static org.jspecify;

  exports io.github.ltxjava.digest;
}
