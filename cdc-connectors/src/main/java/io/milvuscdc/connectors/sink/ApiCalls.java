// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.target.CallListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/**
 * Counts the calls that have changed the target, by their names in its API ({@code
 * api.<name>.executed}); what only asks isn't counted. Safe for use by several threads.
 */
final class ApiCalls implements CallListener {

    private static final List<String> QUESTIONS =
            List.of("Check", "Connect", "Describe", "Get", "Has", "List", "Select", "Show");

    private final MetricGroup group;
    private final Map<String, Counter> calls = new ConcurrentHashMap<>();

    ApiCalls(MetricGroup operator) {
        this.group = operator.addGroup("api");
    }

    @Override
    public void succeeded(String method) {
        if (QUESTIONS.stream().noneMatch(method::startsWith)) {
            calls.computeIfAbsent(method, this::register).inc();
        }
    }

    private Counter register(String method) {
        return group.addGroup(method).counter("executed", new ThreadSafeSimpleCounter());
    }
}
