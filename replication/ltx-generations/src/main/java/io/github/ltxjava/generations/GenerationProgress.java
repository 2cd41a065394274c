package io.github.ltxjava.generations;

/**
 * How far a restore is.
 *
 * @param bytesRead bytes of files that have been applied
 * @param size bytes of all files of the plan
 */
public record GenerationProgress(long bytesRead, long size) {}
