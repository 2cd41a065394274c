/** How pages are compressed. */
package io.github.ltxjava.codec;
