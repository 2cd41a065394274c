package io.github.ltxjava;

import java.util.Optional;

/**
 * The last 16 bytes of an LTX file.
 *
 * @param postApply the database checksum after the file is applied; empty if it is not tracked
 * @param file the checksum of the file itself, over decompressed pages (specification, "File
 *     checksum")
 */
public record LtxTrailer(Optional<Checksum> postApply, Checksum file) {}
