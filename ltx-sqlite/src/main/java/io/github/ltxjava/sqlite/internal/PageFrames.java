package io.github.ltxjava.sqlite.internal;

import java.util.Arrays;

/**
 * From page numbers to frame numbers: open addressing in two {@code int} arrays, 8 bytes a slot, at
 * most three quarters full. It only grows with the pages put in.
 */
public final class PageFrames {

  private static final int INITIAL_CAPACITY = 64;

  private int[] pages = new int[INITIAL_CAPACITY];
  private int[] frames = new int[INITIAL_CAPACITY];
  private int size;

  /** Says that the newest content of a page, which is not 0, is in this frame, counted from 1. */
  public void put(int page, int frame) {
    int slot = slot(page);
    if (frames[slot] == 0) {
      if (++size > pages.length / 4 * 3) {
        grow();
        slot = slot(page);
      }
      pages[slot] = page;
    }
    frames[slot] = frame;
  }

  /** Returns the frame of a page, or 0 if it has none. */
  public int get(int page) {
    return frames[slot(page)];
  }

  /** Returns how many pages have a frame. */
  public int size() {
    return size;
  }

  /** Returns the pages that have a frame, ascending as unsigned numbers. */
  public int[] pagesAscending() {
    int[] result = new int[size];
    int count = 0;
    for (int i = 0; i < pages.length; i++) {
      if (frames[i] != 0) {
        result[count++] = pages[i] ^ Integer.MIN_VALUE;
      }
    }
    Arrays.sort(result);
    for (int i = 0; i < count; i++) {
      result[i] ^= Integer.MIN_VALUE;
    }
    return result;
  }

  private int slot(int page) {
    int mask = pages.length - 1;
    int hash = page * 0x9E3779B9;
    int slot = (hash ^ hash >>> 15) & mask;
    while (frames[slot] != 0 && pages[slot] != page) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldPages = pages;
    int[] oldFrames = frames;
    pages = new int[oldPages.length * 2];
    frames = new int[oldPages.length * 2];
    for (int i = 0; i < oldPages.length; i++) {
      if (oldFrames[i] != 0) {
        int slot = slot(oldPages[i]);
        pages[slot] = oldPages[i];
        frames[slot] = oldFrames[i];
      }
    }
  }
}
