// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.pulsar;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.e2e.servers.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.groups.InternalSourceReaderMetricGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/**
 * Does with a source what Flink does, message by message: one enumerator, one reader, checkpoints
 * of both at any message. Closing it is a kill: nothing is told to the source. Used by one thread.
 */
final class SourceDriver<S extends SourceSplit, E> implements AutoCloseable {

    private static final Duration PATIENCE = Await.PATIENCE;

    private final Source<ChannelMessage, S, E> source;
    private final SplitEnumerator<S, E> enumerator;
    private final SourceReader<ChannelMessage, S> reader;
    private final Queue<ChannelMessage> output = new ArrayDeque<>();
    private final Map<String, Gauge<?>> gauges = new ConcurrentHashMap<>();
    private Runnable discovery;

    /** What a checkpoint holds. */
    record Checkpoint(long id, ByteString enumerator, List<ByteString> splits) {}

    private SourceDriver(Source<ChannelMessage, S, E> source, Checkpoint from) throws Exception {
        this.source = source;
        this.reader = source.createReader(new Reader());
        this.reader.start();
        Enumerator context = new Enumerator();
        if (from == null) {
            this.enumerator = source.createEnumerator(context);
        } else {
            this.enumerator =
                    source.restoreEnumerator(
                            context,
                            SimpleVersionedSerialization.readVersionAndDeSerialize(
                                    source.getEnumeratorCheckpointSerializer(),
                                    from.enumerator().toByteArray()));
            List<S> splits = new ArrayList<>();
            for (ByteString split : from.splits()) {
                splits.add(
                        SimpleVersionedSerialization.readVersionAndDeSerialize(
                                source.getSplitSerializer(), split.toByteArray()));
            }
            reader.addSplits(splits);
        }
        enumerator.start();
        discover();
    }

    static SourceDriver<?, ?> start(Source<ChannelMessage, ?, ?> source) throws Exception {
        return new SourceDriver<>(source, null);
    }

    static SourceDriver<?, ?> restore(Source<ChannelMessage, ?, ?> source, Checkpoint from)
            throws Exception {
        return new SourceDriver<>(source, from);
    }

    /** Looks for channels once more. */
    void discover() {
        discovery.run();
    }

    /** The next message, waited for. */
    ChannelMessage next() throws Exception {
        ChannelMessage next = next(PATIENCE);
        if (next == null) {
            throw new TimeoutException("no message within " + PATIENCE);
        }
        return next;
    }

    /** The next message, or null when none comes in time. */
    ChannelMessage next(Duration patience) throws Exception {
        long until = System.nanoTime() + patience.toNanos();
        while (output.isEmpty()) {
            reader.pollNext(new Output());
            if (output.isEmpty()) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                try {
                    reader.isAvailable().get(left, TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    return null;
                }
            }
        }
        return output.remove();
    }

    /** The timestamps of the next messages. */
    List<Long> next(int count) throws Exception {
        List<Long> timestamps = new ArrayList<>();
        while (timestamps.size() < count) {
            timestamps.add(next().timestamp());
        }
        return timestamps;
    }

    /** Takes a checkpoint; it isn't complete yet. */
    Checkpoint checkpoint(long id) throws Exception {
        ByteString found =
                ByteString.copyFrom(
                        SimpleVersionedSerialization.writeVersionAndSerialize(
                                source.getEnumeratorCheckpointSerializer(),
                                enumerator.snapshotState(id)));
        List<ByteString> splits = new ArrayList<>();
        for (S split : reader.snapshotState(id)) {
            splits.add(
                    ByteString.copyFrom(
                            SimpleVersionedSerialization.writeVersionAndSerialize(
                                    source.getSplitSerializer(), split)));
        }
        return new Checkpoint(id, found, splits);
    }

    /** Takes a checkpoint and tells the source that it's complete. */
    Checkpoint completeCheckpoint(long id) throws Exception {
        Checkpoint taken = checkpoint(id);
        reader.notifyCheckpointComplete(id);
        enumerator.notifyCheckpointComplete(id);
        return taken;
    }

    /** What the reader's metric of a name says now. */
    Object metric(String name) {
        return gauges.get(name).getValue();
    }

    void pause(String split) {
        reader.pauseOrResumeSplits(List.of(split), List.of());
    }

    void resume(String split) {
        reader.pauseOrResumeSplits(List.of(), List.of(split));
    }

    @Override
    public void close() throws Exception {
        enumerator.close();
        reader.close();
    }

    private final class Output implements ReaderOutput<ChannelMessage> {

        @Override
        public void collect(ChannelMessage message) {
            output.add(message);
        }

        @Override
        public void collect(ChannelMessage message, long timestamp) {
            output.add(message);
        }

        @Override
        public SourceOutput<ChannelMessage> createOutputForSplit(String splitId) {
            return this;
        }

        @Override
        public void releaseOutputForSplit(String splitId) {}

        @Override
        public void emitWatermark(Watermark watermark) {}

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    }

    private final class Reader implements SourceReaderContext {

        private final SourceReaderMetricGroup metrics =
                InternalSourceReaderMetricGroup.mock(
                        new UnregisteredMetricsGroup() {
                            @Override
                            public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
                                gauges.put(name, gauge);
                                return gauge;
                            }

                            @Override
                            public MetricGroup addGroup(String name) {
                                return this;
                            }

                            @Override
                            public MetricGroup addGroup(String key, String value) {
                                return this;
                            }
                        });

        @Override
        public SourceReaderMetricGroup metricGroup() {
            return metrics;
        }

        @Override
        public Configuration getConfiguration() {
            return new Configuration();
        }

        @Override
        public String getLocalHostName() {
            return "localhost";
        }

        @Override
        public int getIndexOfSubtask() {
            return 0;
        }

        @Override
        public void sendSplitRequest() {}

        @Override
        public void sendSourceEventToCoordinator(SourceEvent event) {}

        @Override
        public UserCodeClassLoader getUserCodeClassLoader() {
            return SimpleUserCodeClassLoader.create(SourceDriver.class.getClassLoader());
        }
    }

    private final class Enumerator implements SplitEnumeratorContext<S> {

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
        }

        @Override
        public void sendEventToSourceReader(int subtask, SourceEvent event) {}

        @Override
        public int currentParallelism() {
            return 1;
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            return Map.of(0, new ReaderInfo(0, "localhost"));
        }

        @Override
        public void assignSplits(SplitsAssignment<S> assignment) {
            assignment.assignment().values().forEach(reader::addSplits);
        }

        @Override
        public void signalNoMoreSplits(int subtask) {}

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            throw new UnsupportedOperationException("once");
        }

        @Override
        public <T> void callAsync(
                Callable<T> callable,
                BiConsumer<T, Throwable> handler,
                long initialDelayMillis,
                long periodMillis) {
            discovery =
                    () -> {
                        T found = null;
                        Throwable failure = null;
                        try {
                            found = callable.call();
                        } catch (IOException | RuntimeException e) {
                            failure = e;
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        handler.accept(found, failure);
                    };
        }

        @Override
        public void runInCoordinatorThread(Runnable runnable) {
            runnable.run();
        }
    }
}
