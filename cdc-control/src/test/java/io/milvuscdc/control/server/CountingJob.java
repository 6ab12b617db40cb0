// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Stands in for the replication job: counts numbers 0, 1, 2.. in keyed state and writes {@code
 * number count} lines to the file that the system property {@value #FILE} names. The count is one
 * more than the number, always, unless a restore lost or doubled something. Into a target on the
 * host {@code faulty} it fails at {@value #FAULT}, and into any while the file with {@value
 * #OUTAGE} behind its name exists, which Flink restarts it for.
 */
final class CountingJob {

    static final String FILE = "counting.file";
    static final String OUTAGE = ".outage";
    static final long FAULT = 20;

    private CountingJob() {}

    static void define(StreamExecutionEnvironment environment, TaskSpec spec) {
        environment
                .fromSource(
                        new NumberSequenceSource(0, Long.MAX_VALUE - 1),
                        WatermarkStrategy.noWatermarks(),
                        "Numbers")
                .uid("numbers")
                .setParallelism(1)
                .map(CountingJob::slowly)
                .uid("slowly")
                .setParallelism(1)
                .keyBy(number -> 0)
                .map(new Count(spec.target().uri().contains("faulty")))
                .uid("count")
                .setParallelism(1)
                .sinkTo(new DiscardingSink<>())
                .uid("nowhere")
                .setParallelism(1);
    }

    private static Long slowly(Long number) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        return number;
    }

    private static final class Count extends RichMapFunction<Long, Long> {

        private final boolean faulty;
        private transient ValueState<Long> count;

        Count(boolean faulty) {
            this.faulty = faulty;
        }

        @Override
        public void open(OpenContext context) {
            count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
        }

        @Override
        public Long map(Long number) throws IOException {
            if (faulty && number == FAULT) {
                throw new SuppressRestartsException(
                        new IllegalStateException("number " + FAULT + " is one too many"));
            }
            if (Files.exists(Path.of(System.getProperty(FILE) + OUTAGE))) {
                throw new IllegalStateException("the outage isn't over");
            }
            long next = count.value() == null ? 1 : count.value() + 1;
            count.update(next);
            Files.writeString(
                    Path.of(System.getProperty(FILE)),
                    number + " " + next + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return number;
        }
    }
}
