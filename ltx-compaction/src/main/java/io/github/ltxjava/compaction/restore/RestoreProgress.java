package io.github.ltxjava.compaction.restore;

/**
 * How far a restore is.
 *
 * @param filesRead files read to their end and verified
 * @param files files of the plan
 * @param pagesWritten pages written so far
 * @param commit size of the database in pages
 */
public record RestoreProgress(int filesRead, int files, long pagesWritten, long commit) {}
