package io.github.ltxjava.compaction;

/**
 * How far a merge has come. Pages are merged in the order of their numbers.
 *
 * @param pageNumber the page reached
 * @param commit the last page number there can be
 * @param pagesRead pages read from all inputs so far
 */
public record MergeProgress(long pageNumber, long commit, long pagesRead) {}
