package io.lodestone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Short names for content: equal fingerprints mean that the same thing would come out again.
 *
 * <p>The program's own covers the compiled classes that make tables, so that any change of code
 * makes the rows again, committed or not.
 */
public final class Fingerprint {
  /** Packages that make no table of a user's lake. */
  private static final List<String> LEFT_OUT = List.of("sample/", "bench/", "conf/");

  private static volatile String program;

  private Fingerprint() {}

  /** Of texts in their order. */
  public static String of(List<String> texts) {
    MessageDigest digest = digest();
    for (String text : texts) {
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  /** Of the program itself. */
  public static synchronized String ofProgram() {
    if (program == null) {
      program = readProgram();
    }
    return program;
  }

  private static String readProgram() {
    try {
      URI uri = Fingerprint.class.getResource("/io/lodestone/Fingerprint.class").toURI();
      if ("jar".equals(uri.getScheme())) {
        try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
          return ofClasses(jar.getPath("/io/lodestone"));
        }
      }
      return ofClasses(Path.of(uri).getParent());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String ofClasses(Path root) throws IOException {
    MessageDigest digest = digest();
    try (Stream<Path> found = Files.walk(root)) {
      List<Path> classes =
          found
              .filter(path -> path.toString().endsWith(".class"))
              .filter(
                  path ->
                      LEFT_OUT.stream()
                          .noneMatch(left -> root.relativize(path).toString().startsWith(left)))
              .sorted(java.util.Comparator.comparing(path -> root.relativize(path).toString()))
              .toList();
      for (Path path : classes) {
        digest.update(root.relativize(path).toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(path));
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
