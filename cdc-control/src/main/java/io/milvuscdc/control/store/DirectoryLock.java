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

/** Keeps a second control plane out of a directory. The system frees it when the process dies. */
public final class DirectoryLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
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
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new StoreException("the directory " + directory + " can't be used: " + e, e);
        }
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
