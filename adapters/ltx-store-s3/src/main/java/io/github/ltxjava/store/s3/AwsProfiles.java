package io.github.ltxjava.store.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The profiles in the files {@code credentials} and {@code config} of the AWS tools. */
final class AwsProfiles {

  private static final long MAX_FILE_SIZE = 1 << 20;

  private final Map<String, Map<String, String>> profiles = new HashMap<>();
  private final String selected;

  private AwsProfiles(String selected) {
    this.selected = selected;
  }

  static AwsProfiles read(Map<String, String> environment) throws IOException {
    AwsProfiles profiles =
        new AwsProfiles(
            environment.getOrDefault(
                "AWS_PROFILE", environment.getOrDefault("AWS_DEFAULT_PROFILE", "default")));
    Path folder =
        Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "")), ".aws");
    // What the file of credentials says counts more than what the configuration says.
    profiles.add(file(environment, "AWS_CONFIG_FILE", folder.resolve("config")), true);
    profiles.add(
        file(environment, "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("credentials")), false);
    return profiles;
  }

  private static Path file(Map<String, String> environment, String variable, Path otherwise) {
    String named = environment.getOrDefault(variable, "");
    return named.isEmpty() ? otherwise : Path.of(named);
  }

  private void add(Path file, boolean isConfig) throws IOException {
    String text;
    try {
      if (Files.size(file) > MAX_FILE_SIZE) {
        throw new IOException(file + ": too large for a file of profiles");
      }
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return;
    }
    Map<String, String> section = new HashMap<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String stripped = line.strip();
      boolean nested = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
      if (stripped.isEmpty() || stripped.startsWith("#") || stripped.startsWith(";") || nested) {
        continue;
      }
      if (stripped.startsWith("[")) {
        int end = stripped.indexOf(']');
        if (end < 0) {
          throw new IOException(file + ":" + number + ": a section without its bracket");
        }
        String name = profileName(stripped.substring(1, end).strip(), isConfig);
        section = profiles.computeIfAbsent(name, key -> new HashMap<>());
        continue;
      }
      int equals = stripped.indexOf('=');
      if (equals < 0) {
        throw new IOException(file + ":" + number + ": neither a section nor a setting");
      }
      section.put(
          stripped.substring(0, equals).strip().toLowerCase(Locale.ROOT),
          stripped.substring(equals + 1).strip());
    }
  }

  /**
   * In the configuration a profile is {@code [profile name]}; sections of other kinds are apart.
   */
  private static String profileName(String section, boolean isConfig) {
    if (!isConfig || section.equals("default")) {
      return section;
    }
    return section.startsWith("profile ") ? section.substring(8).strip() : "[" + section + "]";
  }

  /** Returns the name of the profile that the environment asks for. */
  String selected() {
    return selected;
  }

  Optional<String> region(String profile) {
    return Optional.ofNullable(profiles.getOrDefault(profile, Map.of()).get("region"));
  }

  /** Throws a {@link FileNotFoundException} if the profile is not there or holds no keys. */
  S3Credentials credentials(String profile) throws IOException {
    Map<String, String> settings = profiles.get(profile);
    if (settings == null) {
      throw new FileNotFoundException("there is no AWS profile \"" + profile + "\"");
    }
    String id = settings.getOrDefault("aws_access_key_id", "");
    String secret = settings.getOrDefault("aws_secret_access_key", "");
    if (!id.isEmpty() && !secret.isEmpty()) {
      return new S3Credentials(
          id, secret, Optional.ofNullable(settings.get("aws_session_token")), Optional.empty());
    }
    for (String unsupported :
        new String[] {
          "role_arn",
          "credential_process",
          "sso_session",
          "sso_start_url",
          "web_identity_token_file"
        }) {
      if (settings.containsKey(unsupported)) {
        throw new IOException(
            "AWS profile \"" + profile + "\" uses " + unsupported + ", which is not supported");
      }
    }
    throw new FileNotFoundException("AWS profile \"" + profile + "\" holds no key");
  }
}
