package io.github.ltxjava.tools.ltx;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * An option or a parameter of a command: first its description, and its value once the command line
 * is read, by {@link PlainParser} or by picocli. {@link LtxCommand} makes them.
 *
 * @param <T> what the value is
 */
final class Argument<T> {

  private final String[] names;
  private String label = "";
  private String description = "";
  private boolean required;
  private Class<?> type = String.class;
  private @Nullable Function<String, ?> reader;
  private @Nullable String defaultValue;
  private @Nullable String optionalValue;
  private @Nullable Object value;
  private @Nullable ArgSpec spec;

  /**
   * Begins the description.
   *
   * @param names of an option; none of a parameter
   */
  Argument(String... names) {
    this.names = names;
    this.required = names.length == 0;
  }

  /** Names the value in help texts. */
  Argument<T> label(String text) {
    label = text;
    return this;
  }

  /** Says in help texts what this is. */
  Argument<T> description(String text) {
    description = text;
    return this;
  }

  /** Makes a command line without this option a wrong one; parameters are required as they are. */
  Argument<T> required() {
    required = true;
    return this;
  }

  /** Sets what a command line without this option means. */
  Argument<T> defaultValue(String text) {
    defaultValue = text;
    return this;
  }

  /** Lets the option be given without a value, and sets what that means. */
  Argument<T> optionalValue(String text) {
    optionalValue = text;
    return this;
  }

  /** Takes no value: the option is there or not. */
  Argument<Boolean> flag() {
    type = boolean.class;
    value = false;
    return retyped();
  }

  /** Takes whole numbers. */
  Argument<Long> number() {
    type = Long.class;
    return retyped();
  }

  /**
   * Takes values of another type.
   *
   * @param valueReader throws {@link IllegalArgumentException} with a message for the user
   */
  <U> Argument<U> as(Class<U> valueType, Function<String, U> valueReader) {
    type = valueType;
    reader = valueReader;
    return retyped();
  }

  /** Takes one or more parameters. */
  Argument<List<String>> several() {
    type = List.class;
    value = new ArrayList<String>();
    return retyped();
  }

  @SuppressWarnings("unchecked") // the type of the values has just been set
  private <U> Argument<U> retyped() {
    return (Argument<U>) this;
  }

  boolean isParameter() {
    return names.length == 0;
  }

  private boolean isFlag() {
    return type == boolean.class;
  }

  boolean takesNextWord() {
    return !isParameter() && !isFlag();
  }

  boolean isSeveral() {
    return type == List.class;
  }

  boolean isRequired() {
    return required;
  }

  boolean hasOptionalValue() {
    return optionalValue != null;
  }

  @Nullable String defaultText() {
    return defaultValue;
  }

  boolean isNamed(String name) {
    for (String candidate : names) {
      if (candidate.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a value from the command line.
   *
   * @param text of a flag, anything
   * @throws IllegalArgumentException if it is not of the type of this option
   */
  @SuppressWarnings("unchecked") // several() has made the list
  void take(String text) {
    if (isFlag()) {
      value = true;
    } else if (isSeveral()) {
      ((List<String>) Objects.requireNonNull(value)).add(text);
    } else if (type == Long.class) {
      value = Long.valueOf(text);
    } else {
      value = reader == null ? text : reader.apply(text);
    }
  }

  /** Adds the option, or the parameter that comes next, to what picocli knows. */
  void addTo(CommandSpec command) {
    spec = isParameter() ? parameter(command.positionalParameters().size()) : option();
    command.add(spec);
  }

  private ArgSpec option() {
    OptionSpec.Builder option =
        OptionSpec.builder(names)
            .type(type)
            .required(required)
            .defaultValue(defaultValue)
            .description(description);
    if (!label.isEmpty()) {
      option.paramLabel(label);
    }
    if (isFlag()) {
      option.initialValue(false);
    }
    if (reader != null) {
      option.converters(converter(reader));
    }
    if (optionalValue != null) {
      option.arity("0..1").fallbackValue(optionalValue);
    }
    return option.build();
  }

  private static ITypeConverter<?> converter(Function<String, ?> reader) {
    return text -> {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private ArgSpec parameter(int position) {
    PositionalParamSpec.Builder parameter =
        PositionalParamSpec.builder()
            .type(type)
            .required(required)
            .paramLabel(label)
            .description(description);
    return isSeveral()
        ? parameter.auxiliaryTypes(String.class).index(position + "..*").arity("1..*").build()
        : parameter.index(Integer.toString(position)).build();
  }

  /** Returns the value, which has to be there: on the command line, by default, or as no flag. */
  T get() {
    return Objects.requireNonNull(orNull(), "a value that may be missing");
  }

  /** Returns the value, or null if the command line does not have it. */
  @SuppressWarnings("unchecked") // whoever sets it keeps to the type
  @Nullable T orNull() {
    return spec == null ? (T) value : spec.getValue();
  }
}
