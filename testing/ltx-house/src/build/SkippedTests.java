import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Prints, from the test reports of all modules, how many tests ran, and every skipped one with the reason
 * it gave. A skipped test is a statement that was not checked, so it must not drown in a long log.
 *
 * <p>Usage: {@code java SkippedTests.java ROOT [--totals]}. With {@code --totals} the last line is
 * "N passed, N failed, N skipped", and the exit code is 1 if no test ran at all.
 */
final class SkippedTests {
  private int passed;
  private int failed;
  private int skipped;
  private final Map<String, List<String>> byReason = new TreeMap<>();

  private SkippedTests() {}

  public static void main(String[] args) throws IOException {
    SkippedTests summary = new SkippedTests();
    for (Path report : reports(Path.of(args[0]))) {
      summary.add(report);
    }
    summary.print();
    if (args.length > 1 && args[1].equals("--totals")) {
      System.out.printf(
          "%d passed, %d failed, %d skipped%n", summary.passed, summary.failed, summary.skipped);
      if (summary.passed + summary.failed == 0) {
        System.exit(1);
      }
    }
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root, 5)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(file -> file.getParent().getFileName().toString().matches("(surefire|failsafe)-reports"))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private void add(Path report) throws IOException {
    NodeList cases = parse(report).getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      Element test = (Element) cases.item(i);
      if (first(test, "failure") != null || first(test, "error") != null) {
        failed++;
      } else if (first(test, "skipped") != null) {
        skipped++;
        byReason
            .computeIfAbsent(reason(first(test, "skipped")), reason -> new ArrayList<>())
            .add(simpleName(test.getAttribute("classname")) + "." + test.getAttribute("name"));
      } else {
        passed++;
      }
    }
  }

  private static Document parse(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(report + " is not a test report: " + e.getMessage(), e);
    }
  }

  private static Element first(Element parent, String tag) {
    return (Element) parent.getElementsByTagName(tag).item(0);
  }

  private static String reason(Element skip) {
    String text = skip.getAttribute("message");
    if (text.isEmpty()) {
      text = skip.getTextContent().strip().lines().findFirst().orElse("");
    }
    text = text.replaceFirst("^[\\w.]*TestAbortedException: ", "").replaceFirst("^Assumption failed: ", "");
    return text.isBlank() ? "(no reason given)" : text.strip();
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private void print() {
    if (byReason.isEmpty()) {
      System.out.println("No test was skipped.");
      return;
    }
    System.out.println("SKIPPED TESTS, by reason:");
    byReason.forEach(
        (reason, tests) -> {
          System.out.println("  " + reason);
          tests.stream().sorted().forEach(test -> System.out.println("      " + test));
        });
  }
}
