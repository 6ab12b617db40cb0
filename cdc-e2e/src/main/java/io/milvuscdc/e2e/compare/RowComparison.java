// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Compares the rows of a collection, and says which keys and fields differ; a few by name. */
final class RowComparison {

    private static final int NAMED = 5;

    private RowComparison() {}

    static void compare(
            String what, RowDigests source, RowDigests target, Consumer<String> differences) {
        if (source.byKey().isEmpty() && target.byKey().isEmpty()) {
            return;
        }
        List<String> missing = missing(source, target);
        List<String> surplus = missing(target, source);
        if (!missing.isEmpty()) {
            differences.accept(what + ", rows missing at the target: " + summary(missing));
        }
        if (!surplus.isEmpty()) {
            differences.accept(what + ", rows at the target only: " + summary(surplus));
        }
        if (!source.byKey().isEmpty()
                && !target.byKey().isEmpty()
                && !source.fields().equals(target.fields())) {
            differences.accept(what + ", fields: " + source.fields() + " / " + target.fields());
            return;
        }
        List<String> changed = changed(source, target);
        if (!changed.isEmpty()) {
            differences.accept(what + ", rows that differ: " + summary(changed));
        }
    }

    private static List<String> missing(RowDigests from, RowDigests in) {
        return from.byKey().keySet().stream()
                .filter(key -> !in.byKey().containsKey(key))
                .map(Object::toString)
                .toList();
    }

    private static List<String> changed(RowDigests source, RowDigests target) {
        List<String> changed = new ArrayList<>();
        SortedMap<Comparable<?>, List<Long>> others = target.byKey();
        source.byKey()
                .forEach(
                        (key, row) -> {
                            List<Long> other = others.get(key);
                            if (other != null && !other.equals(row)) {
                                changed.add(key + " in " + fields(source.fields(), row, other));
                            }
                        });
        return changed;
    }

    private static List<String> fields(List<String> names, List<Long> row, List<Long> other) {
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!row.get(i).equals(other.get(i))) {
                differing.add(names.get(i));
            }
        }
        return differing;
    }

    private static String summary(List<String> keys) {
        String named = String.join(", ", keys.subList(0, Math.min(NAMED, keys.size())));
        return keys.size() + " (" + named + (keys.size() > NAMED ? ", ..." : "") + ")";
    }
}
