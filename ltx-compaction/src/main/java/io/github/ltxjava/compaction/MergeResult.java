package io.github.ltxjava.compaction;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;

/**
 * What a merge wrote.
 *
 * @param header header of the output
 * @param trailer trailer of the output
 * @param pagesRead pages in all inputs
 * @param pagesWritten pages in the output
 */
public record MergeResult(
    LtxHeader header, LtxTrailer trailer, long pagesRead, long pagesWritten) {}
