// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Lists directories and removes them whole, also while Flink removes some of their files. */
final class Directories {

    private Directories() {}

    /**
     * The directories in a directory, none when it isn't there.
     *
     * @throws IOException it can't be read, or one of them can't be told from a file; in words
     */
    static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> children = new ArrayList<>();
            for (Path path : all.toList()) {
                if (isDirectory(path)) {
                    children.add(path);
                }
            }
            return children;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (FileSystemException e) {
            throw FileFailure.unreadable(directory, e);
        }
    }

    /** False of what has just been removed, but not of what may not be looked at. */
    private static boolean isDirectory(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Removes the directory with all that's in it; no error when it isn't there. */
    static void remove(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
