// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the servers of one run keep data and logs: below {@code target/}, so logs survive it. */
public final class ServerDirectory {

    private ServerDirectory() {}

    /** {@code target/servers/{name}} below the working directory, emptied of an earlier run. */
    public static Path of(String name) {
        Path directory = Path.of("target", "servers", name).toAbsolutePath();
        try {
            if (Files.exists(directory)) {
                delete(directory);
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new ServerException("cannot empty " + directory, e);
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
