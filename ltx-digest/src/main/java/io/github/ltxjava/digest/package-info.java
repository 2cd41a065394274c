/** Cryptographic digests of LTX files and of their content. */
package io.github.ltxjava.digest;
