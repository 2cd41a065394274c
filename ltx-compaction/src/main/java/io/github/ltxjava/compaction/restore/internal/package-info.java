/** What other modules of the project restore with. */
package io.github.ltxjava.compaction.restore.internal;
