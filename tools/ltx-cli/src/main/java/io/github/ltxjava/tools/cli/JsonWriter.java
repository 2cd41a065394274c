package io.github.ltxjava.tools.cli;

/**
 * Writes JSON as it comes, one member or element a line, nested ones indented; those of an object
 * begun with {@link #inlineObject} share a line. No number is a double.
 */
public final class JsonWriter {

  private static final int MAX_DEPTH = 16;

  private final Output out;
  private final boolean[] hasMembers = new boolean[MAX_DEPTH];
  private int depth;
  private int inlineDepth = MAX_DEPTH;
  private boolean named;

  /** Writes to an output. */
  public JsonWriter(Output out) {
    this.out = out;
  }

  /** Begins the member of an object; its value comes next. */
  public JsonWriter name(String name) throws OutputException {
    separate();
    quoted(name);
    out.text(": ");
    named = true;
    return this;
  }

  /** Begins an object. */
  public JsonWriter object() throws OutputException {
    return begin('{');
  }

  /** Begins an object that takes one line. */
  public JsonWriter inlineObject() throws OutputException {
    begin('{');
    inlineDepth = Math.min(inlineDepth, depth);
    return this;
  }

  /** Ends an object. */
  public JsonWriter endObject() throws OutputException {
    return end('}');
  }

  /** Begins an array. */
  public JsonWriter array() throws OutputException {
    return begin('[');
  }

  /** Ends an array. */
  public JsonWriter endArray() throws OutputException {
    return end(']');
  }

  /** Writes a string. */
  public JsonWriter value(String text) throws OutputException {
    separate();
    quoted(text);
    return this;
  }

  /** Writes a whole number. */
  public JsonWriter value(long number) throws OutputException {
    separate();
    out.number(number);
    return this;
  }

  /** Writes a truth value. */
  public JsonWriter value(boolean truth) throws OutputException {
    separate();
    out.text(truth ? "true" : "false");
    return this;
  }

  /** Writes a null. */
  public JsonWriter nullValue() throws OutputException {
    separate();
    out.text("null");
    return this;
  }

  /** Writes a string of 16 hexadecimal digits. */
  public JsonWriter hexValue(long bits) throws OutputException {
    separate();
    out.put('"');
    out.hex(bits).put('"');
    return this;
  }

  /** Writes a string of two hexadecimal digits a byte. */
  public JsonWriter hexValue(byte[] bytes) throws OutputException {
    separate();
    out.put('"');
    out.hex(bytes, 0, bytes.length).put('"');
    return this;
  }

  private JsonWriter begin(char bracket) throws OutputException {
    separate();
    out.put(bracket);
    depth++;
    hasMembers[depth] = false;
    return this;
  }

  private JsonWriter end(char bracket) throws OutputException {
    boolean inline = depth >= inlineDepth;
    if (depth == inlineDepth) {
      inlineDepth = MAX_DEPTH;
    }
    depth--;
    if (hasMembers[depth + 1] && !inline) {
      newLine();
    }
    out.put(bracket);
    if (depth == 0) {
      out.line();
    }
    return this;
  }

  private void separate() throws OutputException {
    if (named) {
      named = false;
      return;
    }
    if (hasMembers[depth]) {
      out.put(',');
    }
    if (depth >= inlineDepth) {
      if (hasMembers[depth]) {
        out.put(' ');
      }
    } else if (depth > 0) {
      newLine();
    }
    hasMembers[depth] = true;
  }

  private void newLine() throws OutputException {
    out.line();
    for (int i = 0; i < depth; i++) {
      out.text("  ");
    }
  }

  private void quoted(String text) throws OutputException {
    out.put('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < 0x20) {
        out.text(text.substring(from, i));
        if (c < 0x20) {
          out.text("\\u00").hex(new byte[] {(byte) c}, 0, 1);
        } else {
          out.put('\\');
          out.put(c);
        }
        from = i + 1;
      }
    }
    out.text(from == 0 ? text : text.substring(from)).put('"');
  }
}
