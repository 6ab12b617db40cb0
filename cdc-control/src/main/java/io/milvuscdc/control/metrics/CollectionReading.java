// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.control.metrics.JobMetrics.Spread;
import io.milvuscdc.control.metrics.JobMetrics.Vertex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts together what the writer's {@code CollectionMetrics} says, from metrics by their full names.
 * Flink keeps the metrics of a dropped collection until the job ends, also the one that says that
 * it is dropped. Used once, by one thread.
 */
final class CollectionReading {

    /** Of more collections that wait, it isn't asked what for. */
    static final int MAX_REASONS = 20;

    private static final Pattern OF_ROWS =
            Pattern.compile(
                    "\\.collection\\.(\\d+)\\.database\\.([^.]*)\\.name\\.([^.]*)\\.(insertRowsRead|insertRowsSent|deleteRowsRead|deleteRowsSent|bytesSent|lastRowMillis)$");

    private static final Pattern OF_ALL =
            Pattern.compile("\\.collection\\.(\\d+)\\.(waitingFromMillis|dropped)$");

    private static final String LAST_ROW = "lastRowMillis";
    private static final String FROM = "waitingFromMillis";

    private final Map<Long, Collected> collections = new TreeMap<>();
    private final Set<Long> dropped = new HashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Where to ask what a collection waits for: its metrics' names but for the last word. */
    private record Waiting(Collected collection, Vertex vertex, String prefix) {}

    private static final class Collected {
        private final long id;
        private String database = "";
        private String name = "";
        private final Map<String, Double> values = new HashMap<>();
        private long from;
        private String reason = "";

        Collected(long id) {
            this.id = id;
        }

        long value(String metric) {
            return Math.round(values.getOrDefault(metric, 0.0));
        }

        /** Whether it has anything to show: a metric of an earlier run may be left. */
        boolean isShown() {
            return !values.isEmpty() || from > 0;
        }

        CollectionNumbers numbers() {
            return new CollectionNumbers(
                    id,
                    database,
                    name,
                    value("insertRowsRead"),
                    value("insertRowsSent"),
                    value("deleteRowsRead"),
                    value("deleteRowsSent"),
                    value("bytesSent"),
                    value(LAST_ROW),
                    from,
                    reason);
        }
    }

    /** Looks at the names of all metrics: to be called before any of them is asked for. */
    void look(List<String> names) {
        for (String name : names) {
            Matcher found = OF_ALL.matcher(name);
            if (found.find() && found.group(2).equals("dropped")) {
                dropped.add(id(found));
            }
        }
    }

    /** Whether to ask for the metric. */
    boolean isWanted(String metric) {
        Matcher ofRows = OF_ROWS.matcher(metric);
        if (ofRows.find()) {
            return !dropped.contains(id(ofRows));
        }
        Matcher ofAll = OF_ALL.matcher(metric);
        return ofAll.find() && ofAll.group(2).equals(FROM) && !dropped.contains(id(ofAll));
    }

    /** Takes a number; false when it isn't one of a collection. */
    boolean add(Vertex vertex, String metric, Spread value) {
        Matcher ofRows = OF_ROWS.matcher(metric);
        if (ofRows.find()) {
            Collected of = of(ofRows);
            of.database = ofRows.group(2);
            of.name = ofRows.group(3);
            if (ofRows.group(4).equals(LAST_ROW)) {
                of.values.merge(LAST_ROW, value.max(), Math::max);
            } else {
                of.values.merge(ofRows.group(4), value.sum(), Double::sum);
            }
            return true;
        }
        Matcher ofAll = OF_ALL.matcher(metric);
        if (!ofAll.find()) {
            return false;
        }
        if (value.max() > 0) {
            Collected of = of(ofAll);
            of.from = Math.round(value.max());
            waiting.add(
                    new Waiting(of, vertex, metric.substring(0, metric.length() - FROM.length())));
        }
        return true;
    }

    /** Asks what waits for what, which few do at a time. To be called last. */
    void askReasons(JobMetrics flink) throws IOException, InterruptedException {
        for (Waiting one : waiting.subList(0, Math.min(MAX_REASONS, waiting.size()))) {
            String name = one.prefix() + "waitingName";
            String reason = one.prefix() + "waitingReason";
            Collected of = one.collection();
            of.from = 0;
            for (int subtask = 0; subtask < one.vertex().subtasks(); subtask++) {
                Map<String, String> told =
                        flink.texts(
                                one.vertex(), subtask, List.of(one.prefix() + FROM, name, reason));
                long from = Long.parseLong(told.getOrDefault(one.prefix() + FROM, "0"));
                if (from > 0 && (of.from == 0 || from < of.from)) {
                    of.from = from;
                    of.reason = told.getOrDefault(reason, "");
                    named(of, told.getOrDefault(name, ""));
                }
            }
        }
    }

    /** One that has never had a row sent is known by name from elsewhere. */
    private static void named(Collected of, String fullName) {
        int dot = fullName.indexOf('.');
        if (of.name.isEmpty() && dot >= 0) {
            of.database = fullName.substring(0, dot);
            of.name = fullName.substring(dot + 1);
        }
    }

    /** By id, all that isn't dropped. */
    Map<Long, CollectionNumbers> numbers() {
        Map<Long, CollectionNumbers> numbers = new TreeMap<>();
        collections.forEach(
                (id, of) -> {
                    if (of.isShown()) {
                        numbers.put(id, of.numbers());
                    }
                });
        return numbers;
    }

    private Collected of(Matcher found) {
        return collections.computeIfAbsent(id(found), Collected::new);
    }

    private static long id(Matcher found) {
        return Long.parseLong(found.group(1));
    }
}
