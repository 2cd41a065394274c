/** What the modules that put files together share; not for users. */
package io.github.ltxjava.index.internal;
