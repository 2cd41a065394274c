/** A store of LTX files in S3, and in what speaks S3. */
package io.github.ltxjava.store.s3;
