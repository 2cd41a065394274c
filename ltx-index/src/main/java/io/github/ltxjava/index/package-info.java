/** A chain of LTX files seen as one database, at any of its versions. */
package io.github.ltxjava.index;
