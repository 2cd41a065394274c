package io.github.ltxjava.tools.ltx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command lines that need no explanation: known options, each once and apart from its
 * value, and as many parameters as there have to be. All others, be they wrong, unusual or a
 * question for help, are left to {@link FullParser}. There are two because starting picocli takes
 * longer than a short command; a test holds that they agree.
 */
final class PlainParser {

  private final List<Argument<?>> arguments;
  private final Set<Argument<?>> given = new HashSet<>();

  private PlainParser(List<Argument<?>> arguments) {
    this.arguments = arguments;
  }

  /**
   * Gives the arguments of a command their values.
   *
   * @param words the command line; the first one names the command
   * @return whether that was possible; if not, the values are of no use
   */
  static boolean parse(LtxCommand command, String[] words) {
    PlainParser parser = new PlainParser(command.arguments());
    try {
      return parser.takeAll(words) && parser.complete();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean takeAll(String[] words) {
    int next = 1;
    while (next < words.length) {
      String word = words[next++];
      Argument<?> argument = find(word);
      if (argument == null || argument.hasOptionalValue()) {
        return false;
      }
      if (argument.takesNextWord()) {
        if (next == words.length || isOptionLike(words[next])) {
          return false;
        }
        word = words[next++];
      }
      if (word.isEmpty() || !given.add(argument) && !argument.isSeveral()) {
        return false;
      }
      argument.take(word);
    }
    return true;
  }

  /** Returns the option that a word names, or the parameter whose turn it is. */
  private @Nullable Argument<?> find(String word) {
    boolean optionLike = isOptionLike(word);
    for (Argument<?> argument : arguments) {
      if (optionLike
          ? argument.isNamed(word)
          : argument.isParameter() && (argument.isSeveral() || !given.contains(argument))) {
        return argument;
      }
    }
    return null;
  }

  private static boolean isOptionLike(String word) {
    return word.startsWith("-");
  }

  private boolean complete() {
    for (Argument<?> argument : arguments) {
      if (!given.contains(argument)) {
        String text = argument.defaultText();
        if (text != null) {
          argument.take(text);
        } else if (argument.isRequired()) {
          return false;
        }
      }
    }
    return true;
  }
}
