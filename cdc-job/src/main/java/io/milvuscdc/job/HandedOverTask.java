// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A task on its way from a control plane to the JobManager of a session cluster, or from {@code
 * milvus-cdc task-file} to {@code flink run}: a file that only their common user can read, because
 * whatever is an argument of a job is shown by Flink. It's in the form in which Flink carries the
 * task on from there, Java's serialization, so that it holds all that the task is; one build writes
 * and reads it.
 */
public final class HandedOverTask {

    /** The argument of the job's main class that names the file. */
    public static final String ARGUMENT = "--handed-over-task";

    /** What a task consists of, and nothing else that may be on the class path. */
    private static final ObjectInputFilter FILTER =
            ObjectInputFilter.Config.createFilter("io.milvuscdc.**;java.base/*;!*");

    private HandedOverTask() {}

    /** Writes the task into a new file that only this process' user can read. */
    public static void write(Path file, TaskSpec spec) throws IOException {
        try (OutputStream out =
                        Channels.newOutputStream(
                                Files.newByteChannel(
                                        file,
                                        Set.of(
                                                StandardOpenOption.CREATE_NEW,
                                                StandardOpenOption.WRITE),
                                        PosixFilePermissions.asFileAttribute(
                                                PosixFilePermissions.fromString("rw-------"))));
                ObjectOutputStream objects = new ObjectOutputStream(out)) {
            objects.writeObject(spec);
        }
    }

    /**
     * Reads a task.
     *
     * @throws IOException in words: it isn't there, isn't readable, or is of another build
     */
    static TaskSpec read(Path file) throws IOException {
        try (ObjectInputStream objects =
                new ObjectInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            objects.setObjectInputFilter(FILTER);
            return (TaskSpec) objects.readObject();
        } catch (NoSuchFileException e) {
            throw new HandoverException(
                    "the JobManager doesn't find "
                            + file
                            + ": flink.dataDir of the control plane must be storage that the Flink"
                            + " cluster has under the same path (with flink run: there's no such"
                            + " file)",
                    e);
        } catch (AccessDeniedException e) {
            throw new HandoverException(
                    "the JobManager may not read "
                            + file
                            + ": it must run as the same user as the control plane",
                    e);
        } catch (InvalidClassException | ClassNotFoundException e) {
            throw new HandoverException(
                    "the task in "
                            + file
                            + " is of another build than the job's jar: flink.jobJar must be of the"
                            + " control plane's own distribution, and with flink run the jar and"
                            + " milvus-cdc task-file, too ("
                            + e.getMessage()
                            + ")",
                    e);
        }
    }

    /** Its class shows that the message is written for users. */
    private static final class HandoverException extends IOException {
        HandoverException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
