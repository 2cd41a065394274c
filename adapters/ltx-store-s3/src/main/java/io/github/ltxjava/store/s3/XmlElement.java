package io.github.ltxjava.store.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** An element of the XML that S3 answers with: no attributes, no entities, nothing large. */
final class XmlElement {

  private static final int MAX_ELEMENTS = 50_000;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_TEXT = 16 << 10;

  private final String name;
  private final List<XmlElement> children = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private XmlElement(String name) {
    this.name = name;
  }

  /**
   * Parses a document.
   *
   * @param rootName what its root has to be called
   * @throws IOException if it is no such document
   */
  static XmlElement parse(byte[] document, String rootName) throws IOException {
    XmlElement root = parse(document);
    if (!root.name.equals(rootName)) {
      throw new IOException("the answer is a <" + root.name + "> and not a <" + rootName + ">");
    }
    return root;
  }

  /**
   * Parses a document.
   *
   * @throws IOException if it is not well-formed, or larger than any that S3 answers with
   */
  static XmlElement parse(byte[] document) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
      return read(reader);
    } catch (XMLStreamException e) {
      throw new IOException("the answer is not XML: " + e.getMessage(), e);
    }
  }

  private static XmlElement read(XMLStreamReader reader) throws XMLStreamException, IOException {
    XmlElement document = new XmlElement("");
    Deque<XmlElement> open = new ArrayDeque<>();
    open.push(document);
    int count = 0;
    while (reader.hasNext()) {
      XmlElement current = open.element();
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (++count > MAX_ELEMENTS || open.size() > MAX_DEPTH) {
            throw new IOException("the answer has too many elements");
          }
          XmlElement element = new XmlElement(reader.getLocalName());
          current.children.add(element);
          open.push(element);
        }
        case XMLStreamConstants.END_ELEMENT -> open.pop();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (current.text.length() + reader.getTextLength() > MAX_TEXT) {
            throw new IOException("the answer has too long a text in <" + current.name + ">");
          }
          current.text.append(reader.getText());
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw new IOException("the answer has a document type or an entity");
        default -> {
          // Comments and the end of the document.
        }
      }
    }
    if (document.children.size() != 1) {
      throw new IOException("the answer has no root element");
    }
    return document.children.get(0);
  }

  String name() {
    return name;
  }

  /** Returns the text in the child of that name, or an empty text if there is none. */
  String text(String child) {
    return all(child).findFirst().map(element -> element.text.toString().strip()).orElse("");
  }

  /** Returns the text in the child of that name as it is, with the space around it. */
  String exactText(String child) {
    return all(child).findFirst().map(element -> element.text.toString()).orElse("");
  }

  Stream<XmlElement> all(String child) {
    return children.stream().filter(element -> element.name.equals(child));
  }

  /** Returns what a text looks like in a document. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
