// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the control plane holds at a moment, to see whether it grows.
 *
 * @param residentMegabytes memory of the process
 * @param files that it holds open, connections included
 * @param stored files of checkpoints and savepoints
 */
record Footprint(long residentMegabytes, long threads, long files, long stored) {

    /** Reads it from {@code /proc} and from the directory of checkpoints. */
    static Footprint of(FaultedReplication replication) throws IOException {
        Path process = Path.of("/proc", Long.toString(replication.plane().process().pid()));
        return new Footprint(
                status(process, "VmRSS:") / 1024,
                status(process, "Threads:"),
                entries(process.resolve("fd")),
                below(replication.data()));
    }

    private static long status(Path process, String field) throws IOException {
        String line =
                Files.readAllLines(process.resolve("status")).stream()
                        .filter(text -> text.startsWith(field))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no " + field + " of " + process));
        return Long.parseLong(line.substring(field.length()).replace("kB", "").trim());
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    /** Flink removes files while they are counted. */
    private static long below(Path directory) throws IOException {
        long files = 0;
        for (String part : new String[] {"checkpoints", "savepoints"}) {
            files += filesBelow(directory.resolve(part));
        }
        return files;
    }

    private static long filesBelow(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory) ? 1 : 0;
        }
        long files = 0;
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                files += filesBelow(path);
            }
        } catch (NoSuchFileException e) {
            return files;
        }
        return files;
    }

    @Override
    public String toString() {
        return "%d MB resident, %d threads, %d open files, %d files of checkpoints"
                .formatted(residentMegabytes, threads, files, stored);
    }
}
