// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory. */
final class FileBackend implements StoreBackend {

    private final Path directory = ServerDirectory.of("store-files");

    @Override
    public StoreSettings settings(String rootPath) {
        return StoreSettings.inFiles(directory.resolve(rootPath));
    }

    @Override
    public Map<String, String> tasks(String rootPath) throws Exception {
        Map<String, String> tasks = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve(rootPath))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json")) {
                    tasks.put(name.replace(".json", ""), Files.readString(file));
                }
            }
        }
        return tasks;
    }

    @Override
    public void putTask(String rootPath, String taskId, String json) throws Exception {
        Files.createDirectories(directory.resolve(rootPath));
        Files.writeString(directory.resolve(rootPath).resolve(taskId + ".json"), json);
    }

    @Override
    public void putPosition(String rootPath, String taskId, GoPosition position) {
        throw new UnsupportedOperationException("the Go tool has no store in files");
    }

    @Override
    public List<String> positions(String rootPath, String taskId) {
        return List.of();
    }

    @Override
    public void restart() {}

    @Override
    public void usurp(String rootPath) {
        throw new UnsupportedOperationException("a directory has no lease");
    }

    @Override
    public void close() {}
}
