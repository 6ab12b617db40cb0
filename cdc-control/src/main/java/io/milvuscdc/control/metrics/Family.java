// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.util.Map;
import java.util.TreeMap;

/** One metric while it is gathered: its values by their labels. Used by one thread. */
final class Family {

    /** What Prometheus calls the kind. */
    enum Kind {
        GAUGE,
        /** Shown with {@code _total} behind its name. */
        COUNTER,
        /** A counter of the old tool whose name doesn't end in {@code _total}. */
        UNTYPED
    }

    private final String name;
    private final String help;
    private final Kind kind;
    private final Map<Labels, Double> values = new TreeMap<>();

    Family(Kind kind, String name, String help) {
        this.kind = kind;
        this.name = name;
        this.help = help;
    }

    /** Sets the value of some labels, given as name, value, name, value... */
    void set(double value, String... labels) {
        values.put(Labels.of(labels), value);
    }

    /** The same for a whole number; beyond 2^53 it's rounded, as Prometheus does. */
    void set(long value, String... labels) {
        set((double) value, labels);
    }

    MetricSnapshot snapshot() {
        return switch (kind) {
            case GAUGE -> gauge();
            case COUNTER -> counter();
            case UNTYPED -> untyped();
        };
    }

    private MetricSnapshot gauge() {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder().name(name).help(help);
        values.forEach(
                (labels, value) ->
                        snapshot.dataPoint(
                                GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                        .labels(labels)
                                        .value(value)
                                        .build()));
        return snapshot.build();
    }

    private MetricSnapshot counter() {
        CounterSnapshot.Builder snapshot = CounterSnapshot.builder().name(name).help(help);
        values.forEach(
                (labels, value) ->
                        snapshot.dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .labels(labels)
                                        .value(value)
                                        .build()));
        return snapshot.build();
    }

    private MetricSnapshot untyped() {
        UnknownSnapshot.Builder snapshot = UnknownSnapshot.builder().name(name).help(help);
        values.forEach(
                (labels, value) ->
                        snapshot.dataPoint(
                                UnknownSnapshot.UnknownDataPointSnapshot.builder()
                                        .labels(labels)
                                        .value(value)
                                        .build()));
        return snapshot.build();
    }
}
