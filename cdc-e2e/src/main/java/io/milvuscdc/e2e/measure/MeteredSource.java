// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvuscdc.connectors.source.MilvusSource;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A source in a Flink job of its own, with checkpoints as often as a task has them.
 *
 * @param name of the queue
 * @param writer into one of the channels
 */
record MeteredSource(String name, SourceChannels channels, QueueWriter writer) {

    private static final int CHECKPOINT_MILLIS = 500;
    private static final int SINGLE_MESSAGES = 200;
    private static final int PAUSE_MILLIS = 50;

    /** Reads messages that are there; returns how many a second, from the first to the last. */
    double catchUp(int count) throws Exception {
        Arrivals.expect(count);
        String task = UUID.randomUUID().toString();
        JobClient job = start(task);
        Arrivals.await();
        end(job, task);
        return Arrivals.perSecond();
    }

    /** Writes message after message into a channel that has been read; tells how long they took. */
    String atRest(int before) throws Exception {
        Arrivals.expect(before);
        String task = UUID.randomUUID().toString();
        JobClient job = start(task);
        Arrivals.await();
        Arrivals.expect(SINGLE_MESSAGES);
        for (int i = 0; i < SINGLE_MESSAGES; i++) {
            writer.write(1);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        Arrivals.await();
        end(job, task);
        return Arrivals.delays();
    }

    private JobClient start(String task) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        environment.enableCheckpointing(CHECKPOINT_MILLIS);
        environment
                .fromSource(
                        MilvusSource.of(channels, StartPoint.BEGINNING, task),
                        WatermarkStrategy.noWatermarks(),
                        name)
                .map(Arrivals::arrived)
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync(name);
    }

    private void end(JobClient job, String task) throws Exception {
        job.cancel().get();
        channels.queue().release(channels, task);
    }
}
