package io.github.ltxjava.benchmarks.sidebyside;

import java.util.List;

/**
 * One line of the results, for one or more numbers of threads.
 *
 * @param name what --only selects by, and the line says
 * @param work what both workers know
 * @param arguments what they get
 * @param bytes how many bytes of pages are processed, for the throughput
 * @param pages how many pages
 * @param goTwoThreads whether Go has a form for two threads; else its one is compared
 * @param bars what the ratio has to reach with one thread, and with two; 0 for no such demand
 * @param bound the part of the work that bounds it, as arguments of the work "bound"; or empty
 */
record Task(
    String name,
    String work,
    List<String> arguments,
    long bytes,
    long pages,
    boolean goTwoThreads,
    double[] bars,
    List<String> bound) {}
