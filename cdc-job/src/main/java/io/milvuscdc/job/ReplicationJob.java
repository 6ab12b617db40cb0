// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The job of one task. */
public final class ReplicationJob {

    private ReplicationJob() {}

    /** Adds sources, operators and sink of the task to {@code env}. */
    public static void define(StreamExecutionEnvironment env, TaskSpec spec) {
        env.fromSource(
                        new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                        WatermarkStrategy.noWatermarks(),
                        "Numbers")
                .uid("numbers")
                .map(
                        number -> {
                            Thread.sleep(100);
                            return number;
                        })
                .returns(Long.class)
                .uid("slow")
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere");
    }
}
