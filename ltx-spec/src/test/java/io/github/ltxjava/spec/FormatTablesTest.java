package io.github.ltxjava.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.spec.SpecText.Row;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the tables of FORMAT.md against the constants that readers and writers go by. */
class FormatTablesTest {

  private static final SpecText FORMAT = SpecText.read("FORMAT.md");

  @Test
  void headerTableIsHeaderLayout() throws IllegalAccessException {
    List<Row> rows = FORMAT.table("4. Header", 0);

    assertThat(offsetsIn(rows)).isEqualTo(offsetsOf(HeaderLayout.class));
    assertThat(endOf(rows)).isEqualTo(HeaderLayout.SIZE);
  }

  @Test
  void headerFlagsAreThoseOfHeaderLayout() {
    List<Row> rows = FORMAT.table("4.1 Header flags", 0);

    assertThat(rows)
        .extracting(row -> row.text("Name"))
        .containsExactly("CompressLZ4", "NoChecksum");
    assertThat(rows.get(0).number("Bit")).isEqualTo(HeaderLayout.FLAG_COMPRESSED);
    assertThat(rows.get(1).number("Bit")).isEqualTo(HeaderLayout.FLAG_NO_CHECKSUM);
  }

  @Test
  void pageHeaderTablesAreFrameLayout() {
    List<Row> shortHeader = FORMAT.table("5.1 Page header, versions 1 and 2", 0);
    List<Row> header = FORMAT.table("5.2 Page header, version 3", 0);
    List<Row> size = FORMAT.table("5.2 Page header, version 3", 1);

    assertThat(offsetsIn(shortHeader))
        .containsExactly(Map.entry("PAGE_NUMBER", FrameLayout.PAGE_NUMBER_OFFSET));
    assertThat(endOf(shortHeader)).isEqualTo(FrameLayout.SHORT_HEADER_SIZE);
    assertThat(offsetsIn(header))
        .containsExactly(
            Map.entry("PAGE_NUMBER", FrameLayout.PAGE_NUMBER_OFFSET),
            Map.entry("FLAGS", FrameLayout.FLAGS_OFFSET));
    assertThat(endOf(header)).isEqualTo(FrameLayout.HEADER_SIZE);
    assertThat(size.get(0).text("Field")).isEqualTo("payloadSize");
    assertThat(size.get(0).number("Offset")).isEqualTo(FrameLayout.SIZE_OFFSET);
    assertThat(size.get(0).number("Offset") + size.get(0).number("Size"))
        .isEqualTo(FrameLayout.SIZED_HEADER_SIZE);
    assertThat(header.get(1).text("Meaning")).isEqualTo("0x0000 or 0x0001");
    assertThat(FrameLayout.FLAG_LZ4_BLOCK).isEqualTo(0x0001);
  }

  @Test
  void indexSizeTableIsIndexLayout() {
    assertThat(endOf(FORMAT.table("7. Page index", 1))).isEqualTo(IndexLayout.SIZE_FIELD_SIZE);
  }

  @Test
  void trailerTableIsTrailerLayout() throws IllegalAccessException {
    List<Row> rows = FORMAT.table("8. Trailer", 0);

    assertThat(offsetsIn(rows)).isEqualTo(offsetsOf(TrailerLayout.class));
    assertThat(endOf(rows)).isEqualTo(TrailerLayout.SIZE);
  }

  @Test
  void layoutTableListsTheLayoutsOfTheCode() {
    List<Row> rows = FORMAT.table("3. The five layouts", 0);

    assertThat(rows)
        .extracting(row -> row.text("Layout"))
        .containsExactly(Arrays.stream(Layout.values()).map(Layout::label).toArray(String[]::new));
    for (Row row : rows) {
      Layout layout = Layout.ofLabel(row.text("Layout"));
      assertThat(row.text("Page index")).isEqualTo(layout.hasIndex() ? "yes" : "no");
      assertThat(row.text("End marker")).startsWith(FrameLayout.endMarkerSize(layout) + " bytes");
    }
  }

  @Test
  void lockPageTableIsWhatHeadersSay() {
    List<Row> rows = FORMAT.table("5.4 The lock page", 0);

    assertThat(rows).hasSize(8);
    for (Row row : rows) {
      assertThat(LtxHeader.lockPageNumber(row.number("pageSize")))
          .isEqualTo(row.number("Lock page"));
    }
  }

  @Test
  void findingsTableListsEveryReason() {
    assertThat(FORMAT.table("12. Findings", 0))
        .extracting(row -> row.text("Code"))
        .containsExactlyInAnyOrder(
            Arrays.stream(Reason.values()).map(Reason::name).toArray(String[]::new));
  }

  /** Offsets by field, named as constants: {@code minTXID} is {@code MIN_TXID}. */
  private static Map<String, Integer> offsetsIn(List<Row> rows) {
    Map<String, Integer> offsets = new LinkedHashMap<>();
    int expected = 0;
    for (Row row : rows) {
      assertThat(row.number("Offset")).as(row.text("Field")).isEqualTo(expected);
      expected += row.number("Size");
      offsets.put(constantName(row.text("Field")), row.number("Offset"));
    }
    return offsets;
  }

  private static int endOf(List<Row> rows) {
    Row last = rows.get(rows.size() - 1);
    return last.number("Offset") + last.number("Size");
  }

  private static Map<String, Integer> offsetsOf(Class<?> layout) throws IllegalAccessException {
    Map<String, Integer> offsets = new LinkedHashMap<>();
    for (Field field : layout.getFields()) {
      if (field.getType() == int.class && field.getName().endsWith("_OFFSET")) {
        offsets.put(field.getName().replaceFirst("_OFFSET$", ""), field.getInt(null));
      }
    }
    return offsets;
  }

  private static String constantName(String field) {
    return field.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }
}
