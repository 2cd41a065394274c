/** Where what Litestream wrote before version 0.5 lives: generations of snapshots and WALs. */
package io.github.ltxjava.store.generations;
