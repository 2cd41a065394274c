/** A strict, in-process double of S3, whose answers can be made to fail. */
package io.github.ltxjava.testkit.s3;
