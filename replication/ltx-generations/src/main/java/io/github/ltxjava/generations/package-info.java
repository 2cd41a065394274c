/** Restores what Litestream wrote before version 0.5. */
package io.github.ltxjava.generations;
