package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a layout. */
final class LayoutConverter implements ITypeConverter<Layout> {

  @Override
  public Layout convert(String label) {
    try {
      return Layout.ofLabel(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
