// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.MetricRegistry;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.GenericMetricGroup;
import org.apache.flink.runtime.metrics.scope.ScopeFormats;
import org.apache.flink.traces.SpanBuilder;

/** Flink's own metric groups over a registry that notes what is registered, by full names. */
final class NotedMetrics implements MetricRegistry {

    private final Map<String, Metric> metrics = new TreeMap<>();
    private final AbstractMetricGroup<?> group = new GenericMetricGroup(this, null, "op");

    AbstractMetricGroup<?> group() {
        return group;
    }

    /** A writer's group whose own metrics are noted; those that Flink counts by itself aren't. */
    SinkWriterMetricGroup ofWriter() {
        SinkWriterMetricGroup flinks = UnregisteredMetricsGroup.createSinkWriterMetricGroup();
        return (SinkWriterMetricGroup)
                Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {SinkWriterMetricGroup.class},
                        (proxy, method, arguments) ->
                                method.getDeclaringClass() == MetricGroup.class
                                        ? method.invoke(group, arguments)
                                        : method.invoke(flinks, arguments));
    }

    /** Behind the operator's name. */
    Set<String> names() {
        return metrics.keySet();
    }

    long number(String name) {
        return metrics.get(name) instanceof Counter counter
                ? counter.getCount()
                : ((Number) ((Gauge<?>) metrics.get(name)).getValue()).longValue();
    }

    String text(String name) {
        return (String) ((Gauge<?>) metrics.get(name)).getValue();
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public void register(Metric metric, String name, AbstractMetricGroup of) {
        metrics.put(of.getMetricIdentifier(name).substring("op.".length()), metric);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void unregister(Metric metric, String name, AbstractMetricGroup of) {
        metrics.remove(of.getMetricIdentifier(name).substring("op.".length()));
    }

    @Override
    public char getDelimiter() {
        return '.';
    }

    @Override
    public int getNumberReporters() {
        return 0;
    }

    @Override
    public void addSpan(SpanBuilder span) {
        throw new UnsupportedOperationException("a writer has none");
    }

    @Override
    public ScopeFormats getScopeFormats() {
        throw new UnsupportedOperationException("these groups have none");
    }
}
