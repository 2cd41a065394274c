import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Lays out what a launcher starts: {@code target/dist/lib/*.jar}, a file {@code classpath} that names
 * the jars in order, the native LZ4 library, and a class-data archive. With both, a short command takes less
 * than half the time.
 *
 * <p>The build runs this file as it is, with the JDK that runs Maven. The archive serves that very JDK,
 * which a file {@code archive-of} names; the launcher starts any other without. No archive is no failure.
 *
 * <p>Usage: {@code java BuildDist.java TOOL TARGET OWN_JAR MAIN_CLASS [ARGUMENT... [; ARGUMENT...]...]}, where
 * TARGET holds {@code runtime-classpath.txt}, and the arguments are those of runs that load the classes worth
 * archiving. They run one after the other in a folder of their own, which has a database {@code sample.db} and an
 * empty store {@code store}.
 */
final class BuildDist {
  private static final long RUN_LIMIT_SECONDS = 60;
  private static final String NEXT_RUN = ";";
  private static final int PAGE_SIZE = 4096;
  private static final int SAMPLE_PAGES = 2560;

  private BuildDist() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    String tool = args[0];
    Path target = Path.of(args[1]).toRealPath();
    Path ownJar = Path.of(args[2]);
    String mainClass = args[3];
    List<List<String>> sampleRuns = split(List.of(args).subList(4, args.length));

    Path dist = target.resolve("dist");
    deleteTree(dist);
    List<Path> jars = copyJars(ownJar, target.resolve("runtime-classpath.txt"), dist.resolve("lib"));
    unpackNativeLz4(jars, dist.resolve("native"));
    makeArchive(dist.resolve(tool + ".jsa"), jars, mainClass, sampleRuns, dist);
    // Last, because the launcher takes this file as the sign that the layout is complete.
    String names =
        jars.stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(" "));
    Files.writeString(dist.resolve("classpath"), names + "\n");
  }

  private static List<List<String>> split(List<String> arguments) {
    List<List<String>> runs = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= arguments.size(); i++) {
      if (i == arguments.size() || arguments.get(i).equals(NEXT_RUN)) {
        runs.add(arguments.subList(start, i));
        start = i + 1;
      }
    }
    return runs;
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

  /**
   * Makes the archive from what the sample runs load. It is a static archive, with the classes of the JDK in
   * it, because the kind that a run leaves behind when it ends has no room for classes as old as picocli's.
   */
  private static void makeArchive(
      Path archive, List<Path> jars, String mainClass, List<List<String>> sampleRuns, Path dist)
      throws IOException, InterruptedException {
    Path scratch = Files.createDirectories(dist.resolve("sample"));
    writeDatabase(scratch.resolve("sample.db"));
    Files.createDirectories(scratch.resolve("store/ltx/9"));
    Set<String> classes = new LinkedHashSet<>();
    for (List<String> sampleRun : sampleRuns) {
      Path list = scratch.resolve("classes");
      List<String> command = new ArrayList<>();
      command.add("-XX:DumpLoadedClassList=" + list);
      command.add("-Djava.library.path=" + dist.resolve("native"));
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-cp", classPath(jars), mainClass));
      command.addAll(sampleRun);
      java(command, scratch, list);
      addClasses(list, classes);
    }
    if (!classes.isEmpty()) {
      Path list = Files.write(scratch.resolve("all-classes"), classes);
      // The collector matters here, not in the launcher: this one can archive objects, too.
      java(
          List.of("-Xshare:dump", "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED",
              "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + archive,
              "-cp", classPath(jars)),
          scratch,
          archive);
    }
    if (Files.exists(archive)) {
      Files.writeString(dist.resolve("archive-of"), java() + "\n");
      deleteTree(scratch);
    } else {
      System.err.println("No class-data archive for " + mainClass + ": the launcher will start without.");
    }
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static String classPath(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Adds what a run has loaded, without the numbers that newer JDKs give to classes, because they count within
   * a run.
   */
  private static void addClasses(Path list, Set<String> classes) throws IOException {
    if (Files.exists(list)) {
      for (String line : Files.readAllLines(list)) {
        if (!line.startsWith("#") && !line.contains(" source: ")) {
          classes.add(line.replaceFirst(" id: \\d+$", ""));
        }
      }
      Files.delete(list);
    }
  }

  /** Runs a JVM like this one, and returns whether it ended well and left the file that it is to make. */
  private static boolean java(List<String> arguments, Path folder, Path result)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java().toString());
    command.addAll(arguments);
    Path log = folder.resolve("log");
    Process run =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = run.waitFor(RUN_LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      run.destroyForcibly().waitFor();
    }
    if (!ended || run.exitValue() != 0 || !Files.exists(result)) {
      System.err.println("This failed: " + String.join(" ", command));
      System.err.println(Files.readString(log, StandardCharsets.UTF_8));
      return false;
    }
    return true;
  }

  /**
   * Writes a database that no program can open, but that has whole pages and a header: enough to be read and
   * encoded, and large enough, compressed too, for the commands to use all processors.
   */
  private static void writeDatabase(Path file) throws IOException {
    byte[] content = new byte[SAMPLE_PAGES * PAGE_SIZE];
    new Random(1).nextBytes(content);
    ByteBuffer header = ByteBuffer.wrap(content);
    header.put("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII)).putShort((short) PAGE_SIZE);
    header.put(new byte[] {1, 1, 0, 64, 32, 32}).putInt(1).putInt(SAMPLE_PAGES);
    header.putInt(92, 1);
    Files.write(file, content);
  }
}
