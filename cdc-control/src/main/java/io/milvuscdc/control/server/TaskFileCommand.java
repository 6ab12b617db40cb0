// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.target.FatalTargetException;
import io.milvuscdc.control.cluster.FlinkPath;
import io.milvuscdc.control.cluster.RestorePoint;
import io.milvuscdc.control.cluster.RestorePoints;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.reconcile.TaskSpecs;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskReader;
import io.milvuscdc.control.task.DesiredState;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.job.HandedOverTask;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code milvus-cdc task-file}: writes a paused task of the store into a file that {@code flink
 * run} takes, and says how. It only reads the store, which a control plane may own meanwhile, so
 * nothing keeps that one from resuming the task.
 */
final class TaskFileCommand {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    private TaskFileCommand() {}

    /**
     * Writes the file, which must not exist yet and which only its owner can read.
     *
     * @return the command line that goes on with the task
     * @throws IOException in words: the task can't go on elsewhere now, or the file can't be made
     */
    static String run(ControlConfig config, String taskId, Path output)
            throws StoreException, IOException {
        Task task = pausedTask(config, taskId);
        Path jar = jobJar(config);
        Optional<Path> from = restorePoint(config, task);
        write(output, spec(config, task));
        return "flink run -d "
                + from.map(path -> "-s " + quoted(FlinkPath.of(path)) + " ").orElse("")
                + quoted(jar.toString())
                + " "
                + HandedOverTask.ARGUMENT
                + " "
                + quoted(output.toAbsolutePath().toString());
    }

    private static Task pausedTask(ControlConfig config, String taskId)
            throws StoreException, IOException {
        Task task =
                TaskReader.find(config.store(), taskId)
                        .filter(found -> found.desired() != DesiredState.DELETED)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                "there's no task "
                                                        + taskId
                                                        + " in "
                                                        + config.store()
                                                        + "; the request list shows all"));
        if (task.desired() != DesiredState.PAUSED) {
            throw new IOException(
                    "task "
                            + taskId
                            + " is "
                            + task.desired().label()
                            + ", and two jobs of it would double rows: pause it first");
        }
        if (task.run().isPresent() && !task.run().get().over()) {
            throw new IOException(
                    "task "
                            + taskId
                            + " is paused, but its job may not have ended yet: try again in a moment,"
                            + " with the control plane running, which finds out");
        }
        return task;
    }

    private static Path jobJar(ControlConfig config) throws IOException {
        Path jar = config.flink().jobJar().toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IOException(
                    "what flink run is to run isn't there, "
                            + jar
                            + ": set flink.jobJar to the job/cdc-job.jar of this release");
        }
        return jar;
    }

    private static Optional<Path> restorePoint(ControlConfig config, Task task) throws IOException {
        return task.run().isEmpty()
                ? Optional.empty()
                : new RestorePoints(config.flink().dataDirectory())
                        .restorable(task.id(), task.run().get())
                        .map(RestorePoint::directory);
    }

    private static TaskSpec spec(ControlConfig config, Task task) throws IOException {
        try {
            // no control plane runs it: the task's own job, should it be resumed, is another one
            return new TaskSpecs(config.source(), config.replication(), "").of(task);
        } catch (IllegalArgumentException | FatalTargetException e) {
            throw new IOException("task " + task.id() + " can't run: " + e.getMessage(), e);
        }
    }

    private static void write(Path output, TaskSpec spec) throws IOException {
        try {
            HandedOverTask.write(output, spec);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    output + " exists already: remove it, or give another --output", e);
        } catch (NoSuchFileException e) {
            throw new IOException("there's no directory for " + output, e);
        } catch (FileSystemException e) {
            throw new IOException(output + " can't be written: " + e.getReason(), e);
        }
    }

    /** For a shell. */
    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
