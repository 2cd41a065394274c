package io.github.ltxjava.store;

/**
 * What a store can do. Callers ask instead of trying, and choose another way where the answer is
 * no.
 *
 * @param conditionalCreate of two writers of the same file exactly one succeeds, whatever machines
 *     they run on; without it, the later one may win
 * @param conditionalReplace an object beside the files, {@link LtxStore#object}, is replaced only
 *     by who has seen what it holds; without it, there are no such objects and no {@link Lease}
 * @param rangedRead reading a range costs the range; without it, it costs the whole file
 * @param listFrom listing from a transaction costs what is listed; without it, it costs the level
 * @param nativeTimestamps listing gives the timestamp that the writer named; without it, the time
 *     of the upload
 * @param durable what was committed survives the end of this process and of its machine
 */
public record StoreCapabilities(
    boolean conditionalCreate,
    boolean conditionalReplace,
    boolean rangedRead,
    boolean listFrom,
    boolean nativeTimestamps,
    boolean durable) {}
