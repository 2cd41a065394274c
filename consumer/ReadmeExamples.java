import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the Java examples out of README.md and writes each as a class that can be compiled and run, so that
 * what the README shows is what is tested. Both consumer projects run this file before they compile.
 *
 * <p>An example is a fenced block marked {@code java}. Its imports go to the top, its statements into a
 * {@code main} method; an example that declares a class of its own is refused.
 *
 * <p>Usage: {@code java ReadmeExamples.java README SOURCE_FOLDER DATABASE RUN_FOLDER}. Writes the package {@code consumer}
 * with the classes {@code Example1}, {@code Example2}, ... and {@code Main}, which runs them all in order and then compares
 * {@code copy.db}, which the examples must have made, with {@code app.db}, which is put into the run folder for them.
 */
final class ReadmeExamples {
  private ReadmeExamples() {}

  public static void main(String[] args) throws IOException {
    List<List<String>> examples = examplesIn(Files.readAllLines(Path.of(args[0])));
    if (examples.isEmpty()) {
      throw new IOException(args[0] + " has no ```java block: there is nothing to compile");
    }
    Path runFolder = Files.createDirectories(Path.of(args[3]));
    Files.copy(Path.of(args[2]), runFolder.resolve("app.db"), StandardCopyOption.REPLACE_EXISTING);
    Path folder = Files.createDirectories(Path.of(args[1]).resolve("consumer"));
    StringBuilder main = new StringBuilder("package consumer;\n\nimport java.nio.file.Files;\n");
    main.append("import java.nio.file.Path;\n\npublic final class Main {\n");
    main.append("  public static void main(String[] args) throws Exception {\n");
    for (int i = 0; i < examples.size(); i++) {
      String name = "Example" + (i + 1);
      Files.writeString(folder.resolve(name + ".java"), sourceOf(name, examples.get(i)));
      main.append("    ").append(name).append(".main(args);\n");
      main.append("    System.out.println(\"README example ").append(i + 1).append(" ran\");\n");
    }
    main.append("    if (Files.mismatch(Path.of(\"app.db\"), Path.of(\"copy.db\")) >= 0) {\n");
    main.append("      throw new AssertionError(\"copy.db differs from app.db\");\n    }\n  }\n}\n");
    Files.writeString(folder.resolve("Main.java"), main.toString());
  }

  private static List<List<String>> examplesIn(List<String> lines) {
    List<List<String>> examples = new ArrayList<>();
    List<String> current = null;
    for (String line : lines) {
      if (current == null && line.strip().equals("```java")) {
        current = new ArrayList<>();
      } else if (current != null && line.strip().equals("```")) {
        examples.add(current);
        current = null;
      } else if (current != null) {
        current.add(line);
      }
    }
    return examples;
  }

  private static String sourceOf(String name, List<String> lines) throws IOException {
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    for (String line : lines) {
      if (line.startsWith("import ")) {
        imports.append(line).append('\n');
      } else if (line.matches("(public |final )*(class|record|interface|enum) .*")) {
        throw new IOException("README examples are statements, but this one declares a type: " + line);
      } else {
        body.append("    ").append(line).append('\n');
      }
    }
    return "package consumer;\n\n" + imports + "\npublic final class " + name + " {\n"
        + "  public static void main(String[] args) throws Exception {\n" + body + "  }\n}\n";
  }
}
