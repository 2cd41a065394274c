package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;

/** The option that says in which layout a file is written. */
final class LayoutOption {

  private static final String OTHERS =
      ", v3-frame for Litestream before 0.5.16, v2, v1-raw or v1-lz4 for LiteFS.";

  private LayoutOption() {}

  static Argument<Layout> required(LtxCommand command) {
    return option(command).required().description("v3-block" + OTHERS);
  }

  static Argument<Layout> withDefault(LtxCommand command) {
    return option(command).defaultValue("v3-block").description("v3-block (the default)" + OTHERS);
  }

  private static Argument<Layout> option(LtxCommand command) {
    return command.option("--to").label("LAYOUT").as(Layout.class, Layout::ofLabel);
  }
}
