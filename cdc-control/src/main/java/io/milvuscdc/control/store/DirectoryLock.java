// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Keeps a second control plane out of a directory. The system frees it when the process dies. */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final Path directory;
    private final FileChannel channel;
    private final Object identity;

    private DirectoryLock(Path directory, FileChannel channel, Object identity) {
        this.directory = directory;
        this.channel = channel;
        this.identity = identity;
    }

    /**
     * Takes the directory, which is made when it's missing.
     *
     * @throws StoreException another process has it, or it can't be written
     */
    public static DirectoryLock take(Path directory) throws StoreException {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(
                            directory.resolve(FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new StoreException(
                        "another control plane uses the directory "
                                + directory
                                + "; stop it, or give this one a directory of its own");
            }
            return new DirectoryLock(directory, channel, identity(directory));
        } catch (IOException e) {
            throw new StoreException("the directory " + directory + " can't be used: " + e, e);
        }
    }

    /**
     * Returns when the directory is still the one that was taken and can be written.
     *
     * @throws StoreException it was removed or replaced, or its disk is away
     */
    void check() throws StoreException {
        try {
            if (!identity.equals(identity(directory))) {
                throw new StoreException(
                        "the directory "
                                + directory
                                + " is no longer the one that this process began with: was it"
                                + " moved, or its disk taken away? Put it back, or restart");
            }
            if (!Files.isWritable(directory)) {
                throw new StoreException(
                        "the directory "
                                + directory
                                + " can't be written: is its disk read-only now?");
            }
        } catch (IOException e) {
            throw new StoreException("the directory " + directory + " can't be used: " + e, e);
        }
    }

    /** Of the file, as the system tells one from another, where it does. */
    private static Object identity(Path directory) throws IOException {
        Object key =
                Files.readAttributes(directory.resolve(FILE), BasicFileAttributes.class).fileKey();
        return key == null ? directory : key;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException("a lock file can't be closed: " + e, e);
        }
    }
}
