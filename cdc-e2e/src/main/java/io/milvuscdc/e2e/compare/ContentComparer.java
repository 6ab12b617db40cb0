// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import io.grpc.StatusRuntimeException;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Compares a source and a target Milvus by content: databases, collections with everything that
 * describes them, partitions, indexes, aliases, load state, numbers of rows, and every field of
 * every row. Rows are compared where both sides have them loaded; the result names the others.
 */
public final class ContentComparer {

    private final List<String> differences = new ArrayList<>();
    private final List<String> notCompared = new ArrayList<>();

    private final Copies copies;

    private ContentComparer(Copies copies) {
        this.copies = copies;
    }

    /**
     * Which side may hold a row more than once. Queries show one row of a primary key; {@code
     * count(*)} counts them all.
     */
    public enum Copies {
        /** Exactly-once: every count is the same. */
        NONE,
        /** At-least-once: the target may count more, never less. */
        AT_TARGET,
        /**
         * A source whose broker was killed: Milvus writes what wasn't acknowledged once more and
         * may count it twice, so that the source may count more, never less.
         */
        AT_SOURCE;

        boolean explain(long source, long target) {
            return (this == AT_TARGET && target > source) || (this == AT_SOURCE && source > target);
        }
    }

    /** Compares what was read of each; rows only if both were read with rows. */
    public static ContentComparison compare(MilvusContent source, MilvusContent target) {
        return compare(source, target, Copies.NONE);
    }

    /** As above, with or without copies of rows at the target. */
    public static ContentComparison compare(
            MilvusContent source, MilvusContent target, Copies copies) {
        ContentComparer comparer = new ContentComparer(copies);
        comparer.keys("database", source.databases(), target.databases());
        comparer.matching(
                "collection", source.collections(), target.collections(), comparer::collection);
        return new ContentComparison(comparer.differences, comparer.notCompared);
    }

    /**
     * Reads and compares again and again until both are equal.
     *
     * @return the last comparison: equal, or what still differs when the time is up
     */
    public static ContentComparison awaitEqual(
            MilvusReader source, MilvusReader target, Duration bound) {
        return awaitEqual(source, target, Copies.NONE, bound);
    }

    /** As above, with or without copies of rows at the target. */
    public static ContentComparison awaitEqual(
            MilvusReader source, MilvusReader target, Copies copies, Duration bound) {
        List<ContentComparison> last = new ArrayList<>();
        try {
            Await.until(
                    "source and target to be equal",
                    bound,
                    () -> {
                        last.add(0, compareNow(source, target, copies));
                        return last.get(0).isEqual();
                    });
        } catch (ServerException e) {
            if (last.isEmpty()) {
                throw e;
            }
        }
        return last.get(0);
    }

    /** Reads both and compares; rows are only read when all else is equal already. */
    public static ContentComparison compareNow(MilvusReader source, MilvusReader target) {
        return compareNow(source, target, Copies.NONE);
    }

    private static ContentComparison compareNow(
            MilvusReader source, MilvusReader target, Copies copies) {
        try {
            ContentComparison outline = compare(source.outline(), target.outline(), copies);
            return outline.isEqual()
                    ? compare(source.content(), target.content(), copies)
                    : outline;
        } catch (MilvusReadException | StatusRuntimeException e) {
            return new ContentComparison(List.of("cannot be read: " + e.getMessage()), List.of());
        }
    }

    private void collection(String name, CollectionContent source, CollectionContent target) {
        String what = "collection " + name;
        traits(what, source.traits(), target.traits());
        value(what + ", load state", source.loadState(), target.loadState());
        matching(
                what + ", partition",
                source.partitions(),
                target.partitions(),
                (partition, atSource, atTarget) -> {
                    String which = what + ", partition " + partition;
                    value(which + ", load state", atSource.loadState(), atTarget.loadState());
                    counts(which + ", count(*)", atSource.count(), atTarget.count());
                    boolean readable = atSource.isLoaded() && atTarget.isLoaded();
                    if (!readable && source.isLoaded() && target.isLoaded()) {
                        notCompared.add(which + ": its rows, it isn't loaded at both sides");
                    }
                });
        counts(what + ", count(*)", source.count(), target.count());
        if (source.rows().isPresent() && target.rows().isPresent()) {
            RowComparison.compare(what, source.rows().get(), target.rows().get(), differences::add);
        }
        if (source.count().isEmpty() || target.count().isEmpty()) {
            notCompared.add(what + ": its rows, it isn't loaded at both sides");
        }
    }

    private void traits(
            String what, SortedMap<String, String> source, SortedMap<String, String> target) {
        matching(
                what + ":",
                source,
                target,
                (trait, atSource, atTarget) -> value(what + ", " + trait, atSource, atTarget));
    }

    private void value(String what, Object source, Object target) {
        if (!source.equals(target)) {
            differences.add(what + ": " + source + " at the source, " + target + " at the target");
        }
    }

    private void counts(String what, Optional<Long> source, Optional<Long> target) {
        if (source.isPresent() && target.isPresent()) {
            if (!copies.explain(source.get(), target.get())) {
                value(what, source.get(), target.get());
            }
        }
    }

    private <V> void matching(
            String what,
            SortedMap<String, V> source,
            SortedMap<String, V> target,
            Pairwise<V> compare) {
        keys(what, source.keySet(), target.keySet());
        BiConsumer<String, V> atBoth =
                (key, value) -> {
                    if (target.containsKey(key)) {
                        compare.compare(key, value, target.get(key));
                    }
                };
        source.forEach(atBoth);
    }

    private void keys(String what, Set<String> source, Set<String> target) {
        Set<String> all = new TreeSet<>(source);
        all.addAll(target);
        for (String key : all) {
            if (!target.contains(key)) {
                differences.add(what + " " + key + " is missing at the target");
            } else if (!source.contains(key)) {
                differences.add(what + " " + key + " is at the target only");
            }
        }
    }

    /** Compares what two sides have under one name. */
    private interface Pairwise<V> {
        void compare(String key, V source, V target);
    }
}
