/** What to merge, keep and delete: pure functions of a listing and a clock, and their executor. */
package io.github.ltxjava.compaction.policy;
