package io.github.ltxjava.store.s3;

/**
 * Which conditions of a write a server honours.
 *
 * @param create {@code If-None-Match: *} on an object sent by one request
 * @param replace {@code If-Match} on an object sent by one request
 * @param complete {@code If-None-Match: *} on the end of an upload in parts
 */
record ConditionalWrites(boolean create, boolean replace, boolean complete) {

  static final ConditionalWrites ALL = new ConditionalWrites(true, true, true);
  static final ConditionalWrites NONE = new ConditionalWrites(false, false, false);
}
