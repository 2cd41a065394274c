package io.github.ltxjava.tools.cli;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints: UTF-8 through a buffer, numbers without strings in between, failures as
 * {@link OutputException}. Belongs to one thread.
 */
public final class Output implements Closeable {

  private static final int BUFFER_SIZE = 64 << 10;
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int filled;

  /** Prints to a stream, which stays open. */
  public Output(OutputStream out) {
    this.out = out;
  }

  /** Prints to the standard output, past {@code System.out}, which would swallow failures. */
  public static Output standard() {
    return new Output(new FileOutputStream(FileDescriptor.out));
  }

  /** Prints a text. */
  public Output text(String text) throws OutputException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return bytes(text.substring(i).getBytes(StandardCharsets.UTF_8));
      }
      put(c);
    }
    return this;
  }

  /** Prints a text and as many blanks as are missing to a width. */
  public Output padded(String text, int width) throws OutputException {
    text(text);
    for (int i = text.length(); i < width; i++) {
      put(' ');
    }
    return this;
  }

  /** Prints a text behind as many blanks as are missing to a width. */
  public Output aligned(String text, int width) throws OutputException {
    for (int i = text.length(); i < width; i++) {
      put(' ');
    }
    return text(text);
  }

  /** Ends the line. */
  public Output line() throws OutputException {
    put('\n');
    return this;
  }

  /** Prints a text and ends the line. */
  public Output line(String text) throws OutputException {
    return text(text).line();
  }

  /** Prints a number in decimal. */
  public Output number(long value) throws OutputException {
    if (value < 0) {
      return text(Long.toString(value));
    }
    long unit = 1;
    while (value / unit >= 10) {
      unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
      put('0' + (int) (value / unit % 10));
    }
    return this;
  }

  /** Prints 16 hexadecimal digits. */
  public Output hex(long value) throws OutputException {
    for (int shift = 60; shift >= 0; shift -= 4) {
      put(DIGITS[(int) (value >>> shift) & 0xF]);
    }
    return this;
  }

  /** Prints 8 hexadecimal digits. */
  public Output hex(int value) throws OutputException {
    for (int shift = 28; shift >= 0; shift -= 4) {
      put(DIGITS[value >>> shift & 0xF]);
    }
    return this;
  }

  /** Prints two hexadecimal digits a byte. */
  public Output hex(byte[] bytes, int offset, int length) throws OutputException {
    for (int i = offset; i < offset + length; i++) {
      put(DIGITS[bytes[i] >>> 4 & 0xF]);
      put(DIGITS[bytes[i] & 0xF]);
    }
    return this;
  }

  /** Prints bytes as they are. */
  public Output bytes(byte[] bytes) throws OutputException {
    for (byte b : bytes) {
      put(b);
    }
    return this;
  }

  void put(int b) throws OutputException {
    if (filled == buffer.length) {
      flush();
    }
    buffer[filled++] = (byte) b;
  }

  /** Passes on what is in the buffer. */
  public void flush() throws OutputException {
    int count = filled;
    filled = 0;
    try {
      out.write(buffer, 0, count);
      out.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  /** Flushes; the stream stays open. */
  @Override
  public void close() throws OutputException {
    flush();
  }
}
