// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One JSON file per task in a directory that only this process uses. A file is replaced by renaming
 * a complete and synced one over it, so after a halt it's either the old or the new one. The files
 * hold passwords and only their owner can read them.
 */
final class FileRecords implements Records {

    private static final String SUFFIX = ".json";
    private static final String TEMPORARY = ".tmp";

    private final Path directory;
    private final DirectoryLock lock;

    private FileRecords(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory. What a halt left half written is removed.
     *
     * @throws StoreException another process has it, or it can't be used
     */
    static FileRecords open(Path directory) throws StoreException {
        DirectoryLock lock = DirectoryLock.take(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().endsWith(TEMPORARY)) {
                    Files.delete(file);
                }
            }
            return new FileRecords(directory, lock);
        } catch (IOException e) {
            lock.close();
            throw failure("read", directory, e);
        }
    }

    @Override
    public synchronized List<StoredRecord> list() throws StoreException {
        List<StoredRecord> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    String taskId = name.substring(0, name.length() - SUFFIX.length());
                    find(taskId).ifPresent(records::add);
                }
            }
            return records;
        } catch (IOException e) {
            throw failure("read", directory, e);
        }
    }

    @Override
    public synchronized Optional<StoredRecord> find(String taskId) throws StoreException {
        return find(directory, taskId);
    }

    /** A task's value in a directory that another process may have. */
    static Optional<StoredRecord> find(Path directory, String taskId) throws StoreException {
        Path file = file(directory, taskId);
        try {
            return Optional.of(
                    new StoredRecord(taskId, file.toString(), Files.readString(file), 0));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read the task file", file, e);
        }
    }

    @Override
    public synchronized Optional<StoredRecord> write(
            String taskId, String json, Optional<StoredRecord> expected) throws StoreException {
        if (!find(taskId).equals(expected)) {
            return Optional.empty();
        }
        Path file = file(taskId);
        Path temporary = directory.resolve(taskId + TEMPORARY);
        try {
            write(temporary, json.getBytes(StandardCharsets.UTF_8));
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sync(directory);
            return Optional.of(new StoredRecord(taskId, file.toString(), json, 0));
        } catch (IOException e) {
            StoreException failure = failure("write the task file", file, e);
            removeHalf(temporary, failure);
            throw failure;
        }
    }

    /** On a full disk, what was written in vain takes the place that the next try needs. */
    private static void removeHalf(Path temporary, StoreException failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public synchronized void delete(String taskId) throws StoreException {
        try {
            Files.deleteIfExists(file(taskId));
            sync(directory);
        } catch (IOException e) {
            throw failure("delete the task file", file(taskId), e);
        }
    }

    /** Takes no turn with what reads and writes: that may hang, and be why it's asked. */
    @Override
    public void probe() throws StoreException {
        lock.check();
    }

    /** The Go tool keeps nothing in files. */
    @Override
    public List<GoCheckpoint> checkpoints(String taskId) {
        return List.of();
    }

    @Override
    public void close() throws StoreException {
        lock.close();
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** Makes a rename or removal in the directory durable. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private Path file(String taskId) {
        return file(directory, taskId);
    }

    private static Path file(Path directory, String taskId) {
        return directory.resolve(taskId + SUFFIX);
    }

    private static StoreException failure(String what, Path path, IOException cause) {
        return new StoreException("can't " + what + " " + path + ": " + cause.getMessage(), cause);
    }
}
