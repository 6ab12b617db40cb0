// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import io.milvuscdc.connectors.checkpoint.CheckpointContent;
import io.milvuscdc.connectors.sink.CommittedPositions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A checkpoint or savepoint on disk. Flink finds out that a file of it is missing only when it
 * restores it, and then tries for ever.
 */
final class CheckpointFiles {

    private static final String METADATA = "_metadata";

    private CheckpointFiles() {}

    /**
     * True when the directory holds one that is complete: Flink writes its metadata last, under
     * another name, and renames it when it's whole.
     *
     * @throws IOException that can't be found out: it must not be taken for none; in words
     */
    static boolean isComplete(Path directory) throws IOException {
        try {
            return Files.readAttributes(directory.resolve(METADATA), BasicFileAttributes.class)
                    .isRegularFile();
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            if (Files.isRegularFile(directory)) {
                return false;
            }
            throw FileFailure.unreadable(directory, e);
        }
    }

    /**
     * A directory that a user names.
     *
     * @param place a path, a file URI, or as Flink names it
     * @throws IOException it's none of these; in words
     */
    static Path directory(String place) throws IOException {
        try {
            Path path = place.startsWith("file:") ? FlinkPath.local(place) : Path.of(place);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(place + " is no place of a savepoint: " + e.getMessage(), e);
        }
        throw new IOException(
                place + " is no place of a savepoint: give an absolute path, or file:///...");
    }

    /**
     * Reads the metadata.
     *
     * @throws NoSuchFileException it isn't there
     * @throws IOException it's damaged or can't be read; all in words
     */
    static CheckpointContent read(Path directory) throws IOException {
        byte[] metadata = metadata(directory);
        try {
            return CheckpointContent.read(metadata, directory.toString());
        } catch (IOException e) {
            throw new IOException(damaged(directory, e.getMessage()), e);
        }
    }

    private static byte[] metadata(Path directory) throws IOException {
        Path file = directory.resolve(METADATA);
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(file.toString(), null, "it has just gone");
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * What it says to be committed.
     *
     * @throws IOException that can't be read; in words
     */
    static CommittedPositions positions(Path directory, CheckpointContent content)
            throws IOException {
        try {
            return CommittedPositions.of(content.metadata());
        } catch (IOException e) {
            throw new IOException(damaged(directory, e.getMessage()), e);
        }
    }

    /** As above, of what hasn't been read yet. */
    static CommittedPositions positions(Path directory) throws IOException {
        return positions(directory, read(directory));
    }

    /** The first file that isn't as it was written, in words; empty when all are. */
    static Optional<String> damagedFile(Path directory, CheckpointContent content)
            throws IOException {
        return content.damagedFile().map(damage -> damaged(directory, damage));
    }

    /** What to say of a checkpoint that can't be used. */
    static String damaged(Path directory, String how) {
        return "the checkpoint "
                + directory
                + " can't be used: "
                + how
                + ". What it covers is committed at the target, and from an older one it would be"
                + " sent again, behind its time ticks. Put "
                + directory
                + " back as it was and resume the task; if it's lost, delete the task and create it"
                + " again as docs/operations.md says";
    }
}
