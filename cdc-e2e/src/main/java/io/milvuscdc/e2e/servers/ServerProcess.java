// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A server as a child process, with its output in a log file: started, awaited, signalled by pid.
 * When this JVM ends, however it ends, the child is killed: a guard (a shell that waits for the end
 * of its stdin) sees the pipe close and kills it. Methods are thread-safe.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;
    private final Path log;
    private Process process;
    private Process guard;

    /**
     * @param name for messages; the log is {@code directory/name.log}, which a restart appends to
     * @param directory its working directory, made if missing
     */
    public ServerProcess(
            String name, Path directory, List<String> command, Map<String, String> environment) {
        this.name = name;
        this.directory = directory;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = directory.resolve(name + ".log");
    }

    /** Starts it; it must not be running. Returns before the server is ready. */
    public void start() {
        start(Map.of());
    }

    /** As {@link #start()}, with more environment variables for this run only. */
    public synchronized void start(Map<String, String> more) {
        if (isAlive()) {
            throw new ServerException(name + " is running already, pid " + process.pid());
        }
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder =
                    new ProcessBuilder(inOwnSession(command))
                            .directory(directory.toFile())
                            .redirectInput(Redirect.from(new File("/dev/null")))
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            builder.environment().putAll(more);
            process = builder.start();
            guard =
                    new ProcessBuilder(
                                    inOwnSession(
                                            List.of(
                                                    "sh",
                                                    "-c",
                                                    "read _; kill -9 -" + process.pid())))
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            throw new ServerException("cannot start " + name + " in " + directory, e);
        }
    }

    /** Out of reach of a Ctrl-C in the terminal: this process decides in which order they end. */
    private static List<String> inOwnSession(List<String> command) {
        List<String> all = new ArrayList<>();
        all.add("setsid");
        all.addAll(command);
        return all;
    }

    /**
     * Waits until the server answers.
     *
     * @throws ServerException when the time is up, or at once when the process has ended
     */
    public void awaitReady(Duration bound, Callable<Boolean> answers) {
        Await.until(name + " to be ready (log: " + log + ")", bound, answers, this::ended);
    }

    /** That it has ended, and what it said last, in words; empty while it runs. */
    public synchronized Optional<String> ended() {
        return isAlive()
                ? Optional.empty()
                : Optional.of(
                        "it ended with exit code " + process.exitValue() + ", last:\n" + logTail());
    }

    private String logTail() {
        try {
            // the log may hold half a character where the process was killed
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The process id of the running (or last) process. */
    public synchronized long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    /** Ends it at once (SIGKILL), a suspended one too; returns when it's gone. */
    public synchronized void kill9() {
        if (process == null) {
            return;
        }
        dismissGuard();
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it in good order (SIGTERM) and returns its exit code. */
    public synchronized int terminate(Duration bound) {
        process.destroy();
        try {
            if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServerException(
                        name + " didn't end within " + bound.toSeconds() + " s of SIGTERM: " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while stopping " + name, e);
        }
        dismissGuard();
        return process.exitValue();
    }

    /**
     * Waits until it ends by itself.
     *
     * @return its exit code
     */
    public int awaitExit(Duration bound) {
        Await.until(name + " to end by itself (log: " + log + ")", bound, () -> !isAlive());
        return exitCode();
    }

    private synchronized int exitCode() {
        dismissGuard();
        return process.exitValue();
    }

    /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
    public void suspend() {
        signal("-STOP");
    }

    /** Lets it run on (SIGCONT). */
    public void resumeProcess() {
        signal("-CONT");
    }

    private synchronized void signal(String signal) {
        signal(process.pid(), signal, name);
    }

    /** Sends a signal, such as {@code -STOP}, to the process that is called {@code name}. */
    static void signal(long pid, String signal, String name) {
        try {
            Process kill =
                    new ProcessBuilder("kill", signal, Long.toString(pid)).inheritIO().start();
            if (kill.waitFor() != 0) {
                throw new ServerException("kill " + signal + " of " + name + " failed");
            }
        } catch (IOException e) {
            throw new ServerException("cannot run kill " + signal + " for " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while signalling " + name, e);
        }
    }

    private void dismissGuard() {
        // first, so that the pid can't be somebody else's by the time that the guard acts
        guard.destroyForcibly();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServerException(name + ", pid " + process.pid() + ", can't be killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while stopping " + name, e);
        }
    }

    /** As {@link #kill9}: what these servers hold is for one run only. */
    @Override
    public void close() {
        kill9();
    }
}
