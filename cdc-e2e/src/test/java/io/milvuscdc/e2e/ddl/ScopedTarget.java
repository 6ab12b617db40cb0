// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvuscdc.e2e.compare.CollectionContent;
import io.milvuscdc.e2e.compare.ContentComparer;
import io.milvuscdc.e2e.compare.ContentComparison;
import io.milvuscdc.e2e.compare.MilvusContent;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** What a target holds of a task that replicates a part of its source, under other names. */
final class ScopedTarget implements AutoCloseable {

    private static final Duration BOUND = Await.PATIENCE;

    private final ReplicatedPair pair;
    private final MilvusReader source;
    private final MilvusReader target;
    private Set<String> ignored = Set.of("default");

    ScopedTarget(ReplicatedPair pair) {
        this.pair = pair;
        this.source = MilvusReader.ofSource(pair.servers().source().access());
        this.target = MilvusReader.ofTarget(pair.servers().target().access());
    }

    /** Leaves out the databases that there are from now on: other tasks' leftovers. */
    void ignoreWhatIsThere() {
        ignored = target.outline().databases();
    }

    /**
     * Waits until the target has exactly these databases and collections, besides those that are
     * ignored, each equal to its original.
     *
     * @param names the target's {@code database.name} by the source's
     */
    void awaitExactly(Set<String> databases, Map<String, String> names) {
        AtomicReference<ContentComparison> last = new AtomicReference<>();
        try {
            until(
                    "the target to hold " + names.values(),
                    () -> {
                        MilvusContent expected = expected(databases, names);
                        MilvusReader others = target.only(name -> !ignored.contains(name));
                        last.set(ContentComparer.compare(expected, others.content()));
                        return last.get().isEqual();
                    });
        } catch (ServerException e) {
            throw new AssertionError(e.getMessage() + "; last comparison: " + last.get(), e);
        }
    }

    private MilvusContent expected(Set<String> databases, Map<String, String> names) {
        SortedMap<String, CollectionContent> collections = new TreeMap<>();
        source.content()
                .collections()
                .forEach(
                        (name, content) -> {
                            if (names.containsKey(name)) {
                                collections.put(names.get(name), content);
                            }
                        });
        return new MilvusContent(new TreeSet<>(databases), collections);
    }

    /** Waits until {@code count(*)} of a loaded collection is this. */
    void awaitCount(String database, String name, long count) {
        AtomicReference<Optional<Long>> last = new AtomicReference<>(Optional.empty());
        try {
            until(
                    database + "." + name + " to have " + count + " rows",
                    () -> {
                        last.set(content(database, name).count());
                        return last.get().equals(Optional.of(count));
                    });
        } catch (ServerException e) {
            throw new AssertionError(e.getMessage() + "; the last count: " + last.get(), e);
        }
    }

    CollectionContent content(String database, String name) {
        return target.collection(database, name, false);
    }

    void until(String what, Callable<Boolean> condition) {
        Await.until(what, BOUND, condition, pair.replication()::failure);
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
