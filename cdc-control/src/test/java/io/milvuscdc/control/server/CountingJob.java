// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.server;

import io.milvuscdc.connectors.checkpoint.SealedStorageFactory;
import io.milvuscdc.job.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Stands in for the replication job: counts numbers 0, 1, 2.. in its state and writes {@code number
 * count} lines to the file that the system property {@value #FILE} names. The count is one more
 * than the number, always, unless a restore lost or doubled something. Into a target on the host
 * {@code faulty} it fails at {@value #FAULT}, and into any while the file with {@value #OUTAGE}
 * behind its name exists, which Flink restarts it for.
 */
final class CountingJob {

    static final String FILE = "counting.file";
    static final String OUTAGE = ".outage";
    static final long FAULT = 20;

    private CountingJob() {}

    static void define(StreamExecutionEnvironment environment, TaskSpec spec) {
        SealedStorageFactory.useIn(environment);
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

    private static final class Count extends RichMapFunction<Long, Long>
            implements CheckpointedFunction {

        private final boolean faulty;
        private transient ListState<Long> state;
        private long count;

        Count(boolean faulty) {
            this.faulty = faulty;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            state =
                    context.getOperatorStateStore()
                            .getListState(new ListStateDescriptor<>("count", Long.class));
            for (long restored : state.get()) {
                count = restored;
            }
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            state.update(List.of(count));
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
            count++;
            Files.writeString(
                    Path.of(System.getProperty(FILE)),
                    number + " " + count + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return number;
        }
    }
}
