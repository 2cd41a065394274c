package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.store.s3.S3Objects.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlElementTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<a>",
        "<a></b>",
        "<a/><a/>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<a>&x;</a>",
        "<a>\u0001</a>"
      })
  void whatIsNotPlainXmlIsRefused(String text) {
    assertThatThrownBy(() -> XmlElement.parse(utf8(text))).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsTooLargeIsRefused() {
    for (String text :
        new String[] {
          "<a>".repeat(20) + "</a>".repeat(20),
          "<a>" + "<b/>".repeat(60_000) + "</a>",
          "<a>" + "x".repeat(20_000) + "</a>"
        }) {
      assertThatThrownBy(() -> XmlElement.parse(utf8(text)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("too");
    }
  }

  @Test
  void aListingIsRead() throws IOException {
    Page page =
        Listing.parse(
            utf8(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
                  <Name>bucket</Name><EncodingType>url</EncodingType>
                  <IsTruncated>true</IsTruncated>
                  <Contents><Key>a%2Bb+c/x</Key><LastModified>2026-11-24T03:15:52.000Z</LastModified>
                    <ETag>&quot;x&quot;</ETag><Size>7</Size></Contents>
                  <NextContinuationToken>a b=</NextContinuationToken>
                </ListBucketResult>
                """));
    assertThat(page.next()).contains("a b=");
    assertThat(page.objects())
        .containsExactly(new S3Objects.Listed("a+b c/x", 7, Instant.parse("2026-11-24T03:15:52Z")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Other/>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<ListBucketResult><Contents><Key>k</Key><Size>-1</Size>"
            + "<LastModified>2026-11-24T03:15:52.000Z</LastModified></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>k</Key><Size>99999999999999999999</Size>"
            + "<LastModified>2026-11-24T03:15:52.000Z</LastModified></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>k</Key><Size>1</Size></Contents></ListBucketResult>",
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key><Size>1</Size>"
            + "<LastModified>2026-11-24T03:15:52.000Z</LastModified></Contents></ListBucketResult>"
      })
  void aListingThatCannotBeIsRefused(String text) {
    assertThatThrownBy(() -> Listing.parse(utf8(text))).isInstanceOf(IOException.class);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
