package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;

/**
 * Where a page is stored.
 *
 * @param file the file that holds it
 * @param frameOffset where its frame starts, in bytes from the start of the file
 * @param frameSize length of the frame in bytes, its header included
 */
public record PageLocation(LtxFile file, long frameOffset, int frameSize) {}
