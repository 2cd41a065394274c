package io.github.ltxjava.internal.codec;

import io.github.ltxjava.internal.crc.PageHash;

/**
 * What decoding a page needs: room for it and a hash. Many scans that take turns, as in a merge,
 * share one; belongs to one thread.
 */
final class PageScratch {

  final byte[] page;
  final PageHash hash;

  PageScratch(int pageSize) {
    this.page = new byte[pageSize];
    this.hash = new PageHash(pageSize);
  }
}
