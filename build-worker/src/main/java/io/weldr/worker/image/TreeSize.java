package io.weldr.worker.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * How much a tree holds, each file counted once whatever its number of names.
 *
 * @param inodes files and directories of all kinds
 * @param contentBytes of regular files
 * @param blockBytes of regular files and directories in whole blocks of 4 KiB
 */
public record TreeSize(long inodes, long contentBytes, long blockBytes) {
  private static final long BLOCK = 4096;
  private static final long INODE = 256;
  private static final long TAR_HEADER = 1024;
  private static final long MIB = 1 << 20;

  /** Journal, group descriptors, and room for a first start. */
  private static final long BESIDE_CONTENT = 128 * MIB;

  /** Counts. Links are not followed. */
  public static TreeSize of(Path tree) throws IOException {
    Counter counter = new Counter();
    Files.walkFileTree(tree, counter);
    return new TreeSize(counter.seen.size(), counter.content, counter.blocks);
  }

  /** The least bytes of an ext4 file system that holds it. */
  public long ext4Bytes() {
    long content = blockBytes + inodes * INODE;
    return content + content / 10 + BESIDE_CONTENT;
  }

  /** Bytes of an uncompressed archive, near enough to show how far it is. */
  public long tarBytes() {
    return inodes * TAR_HEADER + contentBytes;
  }

  private static final class Counter extends SimpleFileVisitor<Path> {
    private final Set<Object> seen = new HashSet<>();
    private long content;
    private long blocks;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      seen.add(attributes.fileKey());
      blocks += Math.max(BLOCK, wholeBlocks(attributes.size()));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (seen.add(attributes.fileKey()) && attributes.isRegularFile()) {
        content += attributes.size();
        blocks += wholeBlocks(attributes.size());
      }
      return FileVisitResult.CONTINUE;
    }

    private static long wholeBlocks(long bytes) {
      return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }
  }
}
