package io.lodestone.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * A small file of the lake that a reader sees whole or not at all, and that of several writers one
 * creates: a link to a finished file on a local disk, a conditional put on S3, elsewhere what
 * Hadoop's own create and rename promise.
 */
final class SmallFile {
  private SmallFile() {}

  /** Writes a file unless there is one of its name; returns whether it was written. */
  static boolean create(FileSystem files, Path path, String text) throws IOException {
    byte[] bytes = bytes(text);
    if (files.getScheme().equals("file")) {
      return link(local(files, path), bytes);
    }
    if (files.hasPathCapability(
        path, Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)) {
      return ConditionalLogStore.create(files, path, bytes);
    }
    try (OutputStream out = files.create(path, false)) {
      out.write(bytes);
      return true;
    } catch (org.apache.hadoop.fs.FileAlreadyExistsException lost) {
      return false;
    }
  }

  private static boolean link(java.nio.file.Path path, byte[] bytes) throws IOException {
    java.nio.file.Path written = beside(path, bytes);
    try {
      Files.createLink(path, written);
      return true;
    } catch (FileAlreadyExistsException lost) {
      return false;
    } finally {
      Files.delete(written);
    }
  }

  /** Writes a file whether or not there is one of its name. */
  static void replace(FileSystem files, Path path, String text) throws IOException {
    byte[] bytes = bytes(text);
    switch (files.getScheme()) {
      case "s3a":
        try (OutputStream out = files.create(path, true)) {
          out.write(bytes);
        }
        break;
      case "file":
        java.nio.file.Path place = local(files, path);
        Files.move(beside(place, bytes), place, StandardCopyOption.ATOMIC_MOVE);
        break;
      default:
        Path written = new Path(path.getParent(), "." + path.getName() + "-" + UUID.randomUUID());
        try (OutputStream out = files.create(written, true)) {
          out.write(bytes);
        }
        FileContext.getFileContext(files.getUri(), files.getConf())
            .rename(written, path, Options.Rename.OVERWRITE);
    }
  }

  /**
   * Writes a file in place of what it holds now, if nobody has replaced that when it comes to be
   * written; returns whether it was written. On S3 the condition is the put's; elsewhere a file
   * that is replaced in between is replaced again.
   *
   * @param text made between the look at what the file holds and the put
   */
  static boolean replace(FileSystem files, Path path, Supplier<String> text) throws IOException {
    boolean conditional =
        files.hasPathCapability(
            path, Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE_ETAG);
    Optional<String> tag = conditional ? tag(files, path) : Optional.empty();
    String made = text.get();
    if (tag.isPresent()) {
      return ConditionalLogStore.replace(files, path, tag.get(), bytes(made));
    }
    if (conditional) {
      return create(files, path, made);
    }
    replace(files, path, made);
    return true;
  }

  /** The entity tag of a file; empty where there is no file. */
  private static Optional<String> tag(FileSystem files, Path path) throws IOException {
    try {
      return Optional.of(((EtagSource) files.getFileStatus(path)).getEtag());
    } catch (FileNotFoundException absent) {
      return Optional.empty();
    }
  }

  /** The text of a file, if there is one. */
  static Optional<String> read(FileSystem files, Path path) throws IOException {
    try {
      if (files.getScheme().equals("file")) {
        return Optional.of(Files.readString(local(files, path)));
      }
      try (java.io.InputStream in = files.open(path)) {
        return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (FileNotFoundException | java.nio.file.NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  /** Writes a file of another name in the same folder. */
  private static java.nio.file.Path beside(java.nio.file.Path path, byte[] bytes)
      throws IOException {
    Files.createDirectories(path.getParent());
    return Files.write(
        path.resolveSibling("." + path.getFileName() + "-" + UUID.randomUUID()), bytes);
  }

  private static java.nio.file.Path local(FileSystem files, Path path) {
    return java.nio.file.Path.of(files.makeQualified(path).toUri().getPath());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
