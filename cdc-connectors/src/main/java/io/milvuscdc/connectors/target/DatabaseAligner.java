// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the target's databases the properties that the source's have. Those that the target has
 * besides stay, unless the source's had them before: they may be meant for the target, whose nodes
 * are others. What the target refuses is said once, and tried again when the source changes
 * something or the task is restarted. Used by one thread.
 */
final class DatabaseAligner {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAligner.class);

    private final TargetClient client;
    private final Map<String, List<KeyValuePair>> seen = new HashMap<>();

    DatabaseAligner(TargetClient client) {
        this.client = client;
    }

    /** Forgets a database that is dropped. */
    void forget(String name) {
        seen.remove(name);
    }

    void align(SourceDatabase database, AppliedChanges applied) {
        List<KeyValuePair> wanted =
                database.properties().stream()
                        .filter(p -> CreateRequests.isCopied(p.getKey()))
                        .toList();
        List<KeyValuePair> before = seen.getOrDefault(database.name(), List.of());
        if (wanted.equals(before)) {
            return;
        }
        try {
            change(database.name(), before, wanted, applied);
        } catch (TargetException e) {
            if (e.unanswered()) {
                throw e;
            }
            LOG.warn(
                    "Target database {} doesn't get the properties that the source's has: {}",
                    database.name(),
                    e.getMessage());
        }
        seen.put(database.name(), wanted);
    }

    private void change(
            String name,
            List<KeyValuePair> before,
            List<KeyValuePair> wanted,
            AppliedChanges applied) {
        Optional<List<KeyValuePair>> found = client.databaseProperties(name);
        if (found.isEmpty()) {
            return;
        }
        List<KeyValuePair> changed = new ArrayList<>(wanted);
        changed.removeAll(found.get());
        if (!changed.isEmpty()) {
            client.alterDatabase(name, changed);
            applied.add("set properties " + keys(changed) + " of database " + name);
        }
        List<String> removed = keys(before);
        removed.removeAll(keys(wanted));
        removed.retainAll(keys(found.get()));
        if (!removed.isEmpty()) {
            client.removeDatabaseProperties(name, removed);
            applied.add("removed properties " + removed + " of database " + name);
        }
    }

    private static List<String> keys(List<KeyValuePair> properties) {
        List<String> keys = new ArrayList<>();
        properties.forEach(p -> keys.add(p.getKey()));
        return keys;
    }
}
