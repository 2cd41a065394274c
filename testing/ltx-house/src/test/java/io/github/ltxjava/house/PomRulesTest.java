package io.github.ltxjava.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Holds the POMs to the module map. */
class PomRulesTest {
  private static final String OURS = "io.github.ltxjava";

  @Test
  void aModuleDeclaresOnlyWhatStandsBelowIt() throws IOException {
    for (ModuleMap.Module module : ModuleMap.all()) {
      Path pom = Repository.root().resolve(module.folder()).resolve("pom.xml");
      Set<String> declared = new TreeSet<>();
      for (Element dependency : elements(pom, "dependency")) {
        if (text(dependency, "groupId").equals(OURS) && !text(dependency, "scope").equals("test")) {
          declared.add(text(dependency, "artifactId"));
        }
      }
      assertThat(module.mayUse()).as(module.folder() + "/pom.xml").containsAll(declared);
    }
  }

  @Test
  void theBillOfMaterialsNamesEveryLibrary() throws IOException {
    Set<String> named = new TreeSet<>();
    for (Element dependency : elements(Repository.root().resolve("bom/pom.xml"), "dependency")) {
      named.add(text(dependency, "artifactId"));
    }
    for (ModuleMap.Module library : ModuleMap.libraries()) {
      assertThat(named).contains(library.artifact());
    }
  }

  private static List<Element> elements(Path pom, String tag) throws IOException {
    NodeList nodes;
    try {
      nodes =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(pom.toFile())
              .getElementsByTagName(tag);
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(pom + ": " + e.getMessage(), e);
    }
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static String text(Element parent, String tag) {
    NodeList children = parent.getElementsByTagName(tag);
    return children.getLength() == 0 ? "" : children.item(0).getTextContent().strip();
  }
}
