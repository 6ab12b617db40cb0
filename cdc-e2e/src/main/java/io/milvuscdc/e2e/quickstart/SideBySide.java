// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.quickstart;

import io.milvuscdc.e2e.compare.CollectionContent;
import io.milvuscdc.e2e.compare.MilvusContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Source and target as a table: a line per collection, two columns per thing that is shown. */
final class SideBySide {

    private static final String NONE = "-";

    private SideBySide() {}

    /** The table's lines; a line that isn't equal yet ends with a mark. */
    static List<String> lines(MilvusContent source, MilvusContent target) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        "%-24s %-21s %-11s %-9s %-9s %-9s",
                        "source | target", "rows", "partitions", "indexes", "aliases", "loaded"));
        Set<String> names = new TreeSet<>(source.collections().keySet());
        names.addAll(target.collections().keySet());
        for (String name : names) {
            Optional<CollectionContent> left = Optional.ofNullable(source.collections().get(name));
            Optional<CollectionContent> right = Optional.ofNullable(target.collections().get(name));
            String line =
                    String.format(
                            "%-24s %-21s %-11s %-9s %-9s %-9s",
                            name,
                            both(left, right, SideBySide::rows, 9),
                            both(left, right, c -> "" + c.partitions().size(), 3),
                            both(left, right, c -> traits(c, "index "), 2),
                            both(left, right, c -> traits(c, "alias "), 2),
                            both(left, right, SideBySide::loaded, 3));
            lines.add(line + (same(left, right) ? " =" : " ..."));
        }
        lines.add("databases: " + source.databases() + " | " + target.databases());
        return lines;
    }

    private static boolean same(
            Optional<CollectionContent> left, Optional<CollectionContent> right) {
        return left.isPresent()
                && right.isPresent()
                && left.get().traits().equals(right.get().traits())
                && left.get().partitions().equals(right.get().partitions())
                && left.get().count().equals(right.get().count());
    }

    private static String both(
            Optional<CollectionContent> left,
            Optional<CollectionContent> right,
            Function<CollectionContent, String> cell,
            int width) {
        return String.format(
                "%" + width + "s %" + width + "s",
                left.map(cell).orElse(NONE),
                right.map(cell).orElse(NONE));
    }

    private static String rows(CollectionContent collection) {
        return collection
                .count()
                .map(count -> String.format(Locale.ROOT, "%,d", count))
                .orElse("unloaded");
    }

    private static String traits(CollectionContent collection, String prefix) {
        return "" + collection.traits().keySet().stream().filter(k -> k.startsWith(prefix)).count();
    }

    private static String loaded(CollectionContent collection) {
        return collection.isLoaded() ? "yes" : "no";
    }
}
