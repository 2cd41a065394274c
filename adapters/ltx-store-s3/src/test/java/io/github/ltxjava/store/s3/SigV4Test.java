package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The examples of the S3 documentation, and of the AWS test suite for version 4. */
class SigV4Test {

  private static final S3Credentials EXAMPLE =
      S3Credentials.of("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
  private static final SigV4 S3 = new SigV4("us-east-1", "s3");

  private static final S3Credentials SUITE =
      S3Credentials.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
  private static final SigV4 SERVICE = new SigV4("us-east-1", "service");

  @Test
  void aRangeOfAnObject() {
    assertThat(sign("GET", "/test.txt", Map.of(), Map.of("Range", "bytes=0-9"), SigV4.EMPTY_SHA256))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + " SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + " Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void anObjectWithItsContent() {
    assertThat(
            sign(
                "PUT",
                "/" + UriText.encodePath("test$file.text"),
                Map.of(),
                Map.of(
                    "Date",
                    "Fri, 24 May 2013 00:00:00 GMT",
                    "x-amz-storage-class",
                    "REDUCED_REDUNDANCY"),
                SigV4.sha256("Welcome to Amazon S3.".getBytes(StandardCharsets.US_ASCII))))
        .endsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void aParameterWithoutAValue() {
    assertThat(sign("GET", "/", Map.of("lifecycle", ""), Map.of(), SigV4.EMPTY_SHA256))
        .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }

  @Test
  void parametersAreSorted() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("prefix", "J");
    query.put("max-keys", "2");
    assertThat(sign("GET", "/", query, Map.of(), SigV4.EMPTY_SHA256))
        .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  private static String sign(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String hash) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Host", "examplebucket.s3.amazonaws.com");
    all.put("x-amz-content-sha256", hash);
    all.put("x-amz-date", SigV4.time(TIME));
    return S3.authorization(EXAMPLE, TIME, method, path, query, all, hash);
  }

  @Test
  void theVanillaCasesOfTheSuite() {
    assertThat(suite("GET", Map.of(), Map.of()))
        .endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    assertThat(suite("POST", Map.of(), Map.of()))
        .endsWith("Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  }

  @Test
  void aSessionTokenIsSigned() {
    String token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPf"
            + "IeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT"
            + "7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlz"
            + "m8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    assertThat(suite("POST", Map.of(), Map.of("X-Amz-Security-Token", token)))
        .contains("SignedHeaders=host;x-amz-date;x-amz-security-token,")
        .endsWith("Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
  }

  @Test
  void spacesInValuesAreFolded() {
    assertThat(
            suite("GET", Map.of(), Map.of("My-Header1", " value1", "My-Header2", " \"a   b   c\"")))
        .endsWith("Signature=acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
  }

  private static String suite(
      String method, Map<String, String> query, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Host", "example.amazonaws.com");
    all.put("X-Amz-Date", SigV4.time(SUITE_TIME));
    return SERVICE.authorization(SUITE, SUITE_TIME, method, "/", query, all, SigV4.EMPTY_SHA256);
  }

  @Test
  void theSigningKeyIsThatOfTheDocumentation() {
    byte[] key =
        new SigV4("us-east-1", "iam")
            .signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830");
    assertThat(HexFormat.of().formatHex(key))
        .isEqualTo("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  }

  @Test
  void everythingButUnreservedCharactersIsEncoded() {
    assertThat(UriText.encode("aZ09-._~")).isEqualTo("aZ09-._~");
    assertThat(UriText.encode("/ +=&*'()!ü€"))
        .isEqualTo("%2F%20%2B%3D%26%2A%27%28%29%21%C3%BC%E2%82%AC");
    assertThat(UriText.encodePath("a/b c")).isEqualTo("a/b%20c");
  }

  @Test
  void namesAreSortedBeforeTheirValues() {
    assertThat(SigV4.queryText(Map.of("a-b", "1", "a", "2", "A", "3"))).isEqualTo("A=3&a=2&a-b=1");
  }

  @Test
  void aSecretIsNotShown() {
    S3Credentials credentials =
        new S3Credentials("id", "hush", Optional.of("token"), Optional.empty());
    assertThat(credentials.toString()).contains("id").doesNotContain("hush", "token");
  }
}
