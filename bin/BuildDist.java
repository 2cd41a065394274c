import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lays out what a launcher starts: {@code target/dist/lib/*.jar}, a file {@code classpath} that names
 * the jars in order, the native LZ4 library, and a class-data archive. With both, a short command takes about
 * half the time.
 *
 * <p>The build runs this file as it is, with the JDK that runs Maven. The archive serves that very JDK;
 * any other ignores it. No archive is no failure: the launcher starts without one.
 *
 * <p>Usage: {@code java BuildDist.java TOOL TARGET OWN_JAR MAIN_CLASS [ARGUMENT...]}, where TARGET holds
 * {@code runtime-classpath.txt}, and the arguments are those of a short run that loads the classes worth
 * archiving.
 */
final class BuildDist {
  private static final long RUN_LIMIT_SECONDS = 60;

  private BuildDist() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    String tool = args[0];
    Path target = Path.of(args[1]).toRealPath();
    Path ownJar = Path.of(args[2]);
    String mainClass = args[3];
    List<String> sampleRun = List.of(args).subList(4, args.length);

    Path dist = target.resolve("dist");
    deleteTree(dist);
    List<Path> jars = copyJars(ownJar, target.resolve("runtime-classpath.txt"), dist.resolve("lib"));
    unpackNativeLz4(jars, dist.resolve("native"));
    makeArchive(dist.resolve(tool + ".jsa"), jars, mainClass, sampleRun, dist);
    // Last, because the launcher takes this file as the sign that the layout is complete.
    String names =
        jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(" "));
    Files.writeString(dist.resolve("classpath"), names + "\n");
  }

  private static List<Path> copyJars(Path ownJar, Path classPathFile, Path lib) throws IOException {
    List<Path> sources = new ArrayList<>();
    sources.add(ownJar);
    for (String jar : Files.readString(classPathFile).strip().split(File.pathSeparator)) {
      if (!jar.isEmpty()) {
        sources.add(Path.of(jar));
      }
    }
    Files.createDirectories(lib);
    List<Path> copies = new ArrayList<>();
    for (Path source : sources) {
      Path copy = lib.resolve(source.getFileName());
      copies.add(Files.copy(source, copy));
    }
    return copies;
  }

  /**
   * Lays the native LZ4 library of this machine beside the jars, where the launcher points the JVM. Without
   * that, lz4-java unpacks it into the temporary folder at every start, which costs more than the work on a
   * small file, and fails where that folder is mounted noexec.
   */
  private static void unpackNativeLz4(List<Path> jars, Path folder) throws IOException {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("windows") ? "win32" : os.startsWith("mac") ? "darwin" : "linux";
    String prefix = "net/jpountz/util/" + system + "/" + System.getProperty("os.arch") + "/";
    for (Path jar : jars) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : Collections.list(zip.entries())) {
          if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
            Files.createDirectories(folder);
            Files.copy(
                zip.getInputStream(entry), folder.resolve(entry.getName().substring(prefix.length())));
          }
        }
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }

  private static void makeArchive(
      Path archive, List<Path> jars, String mainClass, List<String> sampleRun, Path dist)
      throws IOException, InterruptedException {
    Path log = dist.resolve("archive.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:ArchiveClassesAtExit=" + archive);
    command.add("-Djava.library.path=" + dist.resolve("native"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    command.addAll(sampleRun);
    Process run =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = run.waitFor(RUN_LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      run.destroyForcibly().waitFor();
    }
    if (!ended || run.exitValue() != 0 || !Files.exists(archive)) {
      Files.deleteIfExists(archive);
      System.err.println(
          "No class-data archive for " + mainClass + ": the launcher will start without. What was tried: "
              + String.join(" ", command));
      System.err.println(Files.readString(log, StandardCharsets.UTF_8));
    }
  }
}
