package io.github.ltxjava.conformance;

import java.nio.file.Path;

/**
 * One case.
 *
 * @param kind what is to be done with it
 * @param name its path below the vectors, without a suffix
 * @param path the file for valid and invalid cases, otherwise the directory
 * @param json its description
 */
record Vector(CaseResult.Kind kind, String name, Path path, Json json) {}
