package io.github.ltxjava.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final Map<ModuleMap.Module, JavaClasses> CLASSES = new LinkedHashMap<>();
  private static final Map<String, String> ARTIFACT_OF_CLASS = new HashMap<>();

  @BeforeAll
  static void importClasses() throws IOException {
    for (ModuleMap.Module module : ModuleMap.all()) {
      if (!hasClasses(module)) {
        continue;
      }
      JavaClasses classes = new ClassFileImporter().importPath(module.classes());
      CLASSES.put(module, classes);
      classes.forEach(type -> ARTIFACT_OF_CLASS.put(type.getName(), module.artifact()));
    }
  }

  private static List<ModuleMap.Module> compiledLibraries() {
    return ModuleMap.libraries().stream().filter(CLASSES::containsKey).toList();
  }

  private static boolean hasClasses(ModuleMap.Module module) throws IOException {
    if (!Files.isDirectory(module.classes())) {
      return false;
    }
    try (Stream<Path> files = Files.walk(module.classes())) {
      return files.anyMatch(file -> file.toString().endsWith(".class"));
    }
  }

  @Test
  void everyModuleIsLookedAt() {
    List<String> missing =
        ModuleMap.all().stream()
            .filter(module -> !CLASSES.containsKey(module))
            .map(ModuleMap.Module::folder)
            .toList();
    assumeTrue(missing.isEmpty(), "not compiled, so not looked at: " + missing);
    assertThat(CLASSES).hasSize(ModuleMap.all().size());
  }

  @Test
  void modulesUseOnlyWhatStandsBelowThem() {
    Set<String> violations = new TreeSet<>();
    CLASSES.forEach(
        (module, classes) -> {
          for (JavaClass type : classes) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
              String target = dependency.getTargetClass().getBaseComponentType().getName();
              String used = ARTIFACT_OF_CLASS.get(target);
              if (used != null
                  && !used.equals(module.artifact())
                  && !module.mayUse().contains(used)) {
                violations.add(
                    module.artifact() + " uses " + used + ": " + dependency.getDescription());
              }
            }
          }
        });
    assertThat(violations).isEmpty();
  }

  @Test
  void nobodyTouchesUnsafe() {
    Set<String> violations = new TreeSet<>();
    for (JavaClasses classes : CLASSES.values()) {
      for (JavaClass type : classes) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          String target = dependency.getTargetClass().getName();
          if (target.equals("sun.misc.Unsafe") || target.startsWith("jdk.internal.")) {
            violations.add(dependency.getDescription());
          }
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void librariesAreSilent() {
    Set<String> violations = new TreeSet<>();
    for (ModuleMap.Module module : compiledLibraries()) {
      for (JavaClass type : CLASSES.get(module)) {
        type.getFieldAccessesFromSelf().stream()
            .filter(access -> access.getTargetOwner().getName().equals("java.lang.System"))
            .forEach(access -> violations.add(access.getDescription()));
        type.getMethodCallsFromSelf().stream()
            .filter(call -> call.getName().equals("printStackTrace"))
            .forEach(call -> violations.add(call.getDescription()));
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void librariesAreNullMarkedModules() throws IOException {
    for (ModuleMap.Module module : compiledLibraries()) {
      Path descriptor = module.classes().resolve("module-info.class");
      assertThat(descriptor).exists();
      assertThat(new String(Files.readAllBytes(descriptor), StandardCharsets.ISO_8859_1))
          .as("module-info of " + module.artifact())
          .contains("Lorg/jspecify/annotations/NullMarked;");
    }
  }

  @Test
  void publicSignaturesNameOnlyWhatUsersCanSee() throws IOException {
    Set<String> exported = new HashSet<>();
    for (ModuleMap.Module module : compiledLibraries()) {
      exported.addAll(packagesForEverybody(module));
    }
    assertThat(exported)
        .contains("io.github.ltxjava")
        .noneMatch(name -> name.contains(".internal"));

    Set<String> violations = new TreeSet<>();
    for (ModuleMap.Module module : compiledLibraries()) {
      for (JavaClass type : CLASSES.get(module)) {
        if (exported.contains(type.getPackageName()) && isVisible(type)) {
          for (String hidden : hiddenTypesIn(type, exported)) {
            violations.add(type.getName() + " shows " + hidden);
          }
        }
      }
    }
    assertThat(violations).isEmpty();
  }

  private static Set<String> packagesForEverybody(ModuleMap.Module module) throws IOException {
    Set<String> packages = new HashSet<>();
    try (InputStream in = Files.newInputStream(module.classes().resolve("module-info.class"))) {
      for (ModuleDescriptor.Exports exports : ModuleDescriptor.read(in).exports()) {
        if (!exports.isQualified()) {
          packages.add(exports.source());
        }
      }
    }
    return packages;
  }

  private static boolean isVisible(JavaClass type) {
    boolean visible =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            || type.getModifiers().contains(JavaModifier.PROTECTED);
    return visible && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
  }

  private static Set<String> hiddenTypesIn(JavaClass type, Set<String> exported) {
    List<JavaType> shown = new ArrayList<>();
    type.getSuperclass().ifPresent(shown::add);
    shown.addAll(type.getInterfaces());
    for (JavaMember member : type.getMembers()) {
      boolean visible =
          member.getModifiers().contains(JavaModifier.PUBLIC)
              || member.getModifiers().contains(JavaModifier.PROTECTED);
      if (!visible || member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
        continue;
      }
      if (member instanceof JavaField field) {
        shown.add(field.getType());
      } else if (member instanceof JavaCodeUnit unit) {
        shown.add(unit.getReturnType());
        shown.addAll(unit.getParameterTypes());
        shown.addAll(unit.getExceptionTypes());
      }
    }
    Set<String> hidden = new TreeSet<>();
    for (JavaType each : shown) {
      for (JavaClass raw : each.getAllInvolvedRawTypes()) {
        JavaClass base = raw.getBaseComponentType();
        boolean ours = ARTIFACT_OF_CLASS.containsKey(base.getName());
        if (ours && !(exported.contains(base.getPackageName()) && isVisible(base))) {
          hidden.add(base.getName());
        }
      }
    }
    return hidden;
  }
}
