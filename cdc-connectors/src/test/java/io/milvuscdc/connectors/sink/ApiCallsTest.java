// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

final class ApiCallsTest {

    private final Map<String, Counter> registered = new TreeMap<>();

    @Test
    void countsWhatChangesTheTargetByItsNameAndNoQuestions() {
        ApiCalls calls = new ApiCalls(new NotingGroup(""));
        calls.succeeded("ReplicateMessage");
        calls.succeeded("ReplicateMessage");
        calls.succeeded("CreateIndex");
        calls.succeeded("DescribeCollection");
        calls.succeeded("ShowPartitions");

        assertThat(registered)
                .containsOnlyKeys("api.ReplicateMessage.executed", "api.CreateIndex.executed");
        assertThat(registered.get("api.ReplicateMessage.executed").getCount()).isEqualTo(2);
    }

    private final class NotingGroup extends UnregisteredMetricsGroup {
        private final String path;

        NotingGroup(String path) {
            this.path = path;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new NotingGroup(path + name + ".");
        }

        @Override
        public <C extends Counter> C counter(String name, C counter) {
            registered.put(path + name, counter);
            return counter;
        }
    }
}
