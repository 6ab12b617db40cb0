// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One JSON file per task in a directory that only this process uses. A file is replaced by renaming
 * a complete and synced one over it, so after a halt it's either the old or the new one. The files
 * hold passwords and only their owner can read them.
 */
public final class FileTaskStore implements TaskStore {

    private static final String SUFFIX = ".json";
    private static final String TEMPORARY = ".tmp";
    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

    private final Path directory;
    private final DirectoryLock lock;
    private final TaskCodec codec = new TaskCodec();
    private final Map<String, Task> tasks = new ConcurrentSkipListMap<>(Comparator.naturalOrder());

    private FileTaskStore(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory and reads its tasks. What a halt left half written is removed.
     *
     * @throws StoreException another process has it, or a file in it can't be read
     */
    public static FileTaskStore open(Path directory) throws StoreException {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            FileTaskStore store = new FileTaskStore(directory, lock);
            store.load();
            return store;
        } catch (StoreException e) {
            lock.close();
            throw e;
        }
    }

    private void load() throws StoreException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPORARY)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX)) {
                    Task task = read(file);
                    tasks.put(task.id(), task);
                }
            }
        } catch (IOException e) {
            throw failure("read", directory, e);
        }
    }

    private Task read(Path file) throws StoreException {
        try {
            Task task = codec.decode(Files.readAllBytes(file));
            if (!file.equals(file(task.id()))) {
                throw new IOException("it holds another task, " + task.id());
            }
            return task;
        } catch (IOException e) {
            throw failure("read the task file", file, e);
        }
    }

    @Override
    public List<Task> list() {
        return List.copyOf(tasks.values());
    }

    @Override
    public Optional<Task> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId));
    }

    @Override
    public synchronized void create(Task task) throws StoreException {
        if (!SAFE_ID.matcher(task.id()).matches()) {
            throw new StoreException(
                    "a task id has 1 to 128 letters, digits, '_' and '-', but it's " + task.id());
        }
        if (tasks.containsKey(task.id())) {
            throw new StoreException("there is a task with the id " + task.id() + " already");
        }
        keep(task);
    }

    @Override
    public synchronized Optional<Task> update(String taskId, UnaryOperator<Task> change)
            throws StoreException {
        Task before = tasks.get(taskId);
        if (before == null) {
            return Optional.empty();
        }
        Task after = change.apply(before);
        if (!after.equals(before)) {
            keep(after);
        }
        return Optional.of(after);
    }

    @Override
    public synchronized void delete(String taskId) throws StoreException {
        if (!tasks.containsKey(taskId)) {
            return;
        }
        try {
            Files.deleteIfExists(file(taskId));
            sync(directory);
        } catch (IOException e) {
            throw failure("delete the task file", file(taskId), e);
        }
        tasks.remove(taskId);
    }

    @Override
    public void close() throws StoreException {
        lock.close();
    }

    private void keep(Task task) throws StoreException {
        Path file = file(task.id());
        Path temporary = directory.resolve(task.id() + TEMPORARY);
        try {
            write(temporary, codec.encode(task));
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            sync(directory);
        } catch (IOException e) {
            throw failure("write the task file", file, e);
        }
        tasks.put(task.id(), task);
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
        return directory.resolve(taskId + SUFFIX);
    }

    private static StoreException failure(String what, Path path, IOException cause) {
        return new StoreException("can't " + what + " " + path + ": " + cause.getMessage(), cause);
    }
}
