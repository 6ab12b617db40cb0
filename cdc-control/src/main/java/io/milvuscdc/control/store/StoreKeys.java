// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import java.util.Optional;

/**
 * The keys of a root path. Those of tasks and positions are the Go tool's, joined as it joins them:
 * without empty parts, and with a leading slash only if the root path has one.
 */
final class StoreKeys {

    private final String root;

    StoreKeys(String rootPath) {
        StringBuilder joined = new StringBuilder(rootPath.startsWith("/") ? "/" : "");
        for (String part : rootPath.split("/", -1)) {
            if (!part.isEmpty()) {
                joined.append(part).append('/');
            }
        }
        this.root = joined.toString();
    }

    /** What the keys of all tasks, and only they, begin with. */
    String tasks() {
        return root + "task_info/";
    }

    String task(String taskId) {
        return tasks() + taskId;
    }

    /** The task that a key is of, empty when it's a foreign key below the same prefix. */
    Optional<String> taskId(String key) {
        String rest = key.startsWith(tasks()) ? key.substring(tasks().length()) : "/";
        return rest.isEmpty() || rest.contains("/") ? Optional.empty() : Optional.of(rest);
    }

    /** What the keys of the task's positions begin with. */
    String positions(String taskId) {
        return root + "task_position/" + taskId + "/";
    }

    /** Who owns the root path now; the key has a lease. */
    String owner() {
        return root + "flink/owner";
    }

    /** Who owned the root path last. */
    String lastOwner() {
        return root + "flink/last_owner";
    }

    /** The root path as it's used, for messages. */
    String root() {
        return root;
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
