// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code milvus-cdc task-file} was called with. */
record TaskFileArguments(Path config, String taskId, Path output) {

    private static final String CONFIG = "--config";
    private static final String TASK_ID = "--task-id";
    private static final String OUTPUT = "--output";

    /** Empty when the words aren't those of the usage, or there's no file of settings. */
    static Optional<TaskFileArguments> of(List<String> words, Path directory) {
        if (words.isEmpty() || !words.get(0).equals("task-file") || words.size() % 2 == 0) {
            return Optional.empty();
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < words.size(); i += 2) {
            if (!Set.of(CONFIG, TASK_ID, OUTPUT).contains(words.get(i))
                    || options.put(words.get(i), words.get(i + 1)) != null) {
                return Optional.empty();
            }
        }
        if (!options.containsKey(TASK_ID) || !options.containsKey(OUTPUT)) {
            return Optional.empty();
        }
        return Optional.ofNullable(options.get(CONFIG))
                .map(directory::resolve)
                .or(() -> Main.usualConfigFile(directory))
                .map(
                        config ->
                                new TaskFileArguments(
                                        config,
                                        options.get(TASK_ID),
                                        directory.resolve(options.get(OUTPUT))));
    }
}
