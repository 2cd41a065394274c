/** Which files of a store give back a database, and giving it back. */
package io.github.ltxjava.compaction.restore;
