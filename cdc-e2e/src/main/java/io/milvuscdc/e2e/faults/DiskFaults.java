// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Faults of the disk that checkpoints are written to. */
final class DiskFaults {

    private static final String ASIDE = ".aside";

    private DiskFaults() {}

    /**
     * Checkpoints can neither be written nor read: their directory is moved aside, and a file is in
     * its place.
     */
    static Fault checkpointsAway() {
        return Fault.lasting(
                "the storage of checkpoints is away",
                r -> {
                    Path directory = checkpoints(r.data());
                    Files.move(directory, aside(directory));
                    Files.createFile(directory);
                },
                r -> {
                    Path directory = checkpoints(r.data());
                    Files.delete(directory);
                    Files.move(aside(directory), directory);
                });
    }

    private static Path aside(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ASIDE);
    }

    private static Path checkpoints(Path data) throws IOException {
        try (Stream<Path> below = Files.walk(data, 2)) {
            List<Path> found =
                    below.filter(path -> path.getFileName().toString().equals("checkpoints"))
                            .toList();
            if (found.size() != 1) {
                throw new IOException("no one directory of checkpoints below " + data);
            }
            return found.get(0);
        }
    }
}
