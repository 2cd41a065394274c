package io.github.ltxjava.replica;

/**
 * What was asked of a store.
 *
 * @param lists listings of a level
 * @param reads ranges read
 * @param creates files created, also if that failed
 * @param deletes files deleted
 * @param bytesRead bytes read
 * @param bytesWritten bytes written
 */
public record RequestCounts(
    long lists, long reads, long creates, long deletes, long bytesRead, long bytesWritten) {}
