// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink, as the connector's enumerator sees it: hands every channel out once, and from the offset
 * at which the task begins there, whatever the connector says.
 *
 * <p>flink-connector-kafka 3.4.0 takes a channel for new as long as its offset is being looked up
 * (FLINK-40615). When the broker needs longer than the discovery's interval for its list, a channel
 * is found, and handed out, several times; and what was found later is read from the topic's
 * beginning, which makes a reader go back there. That is also where the connector begins with a
 * channel that was missing in the broker's first list, though it existed when the task was made. So
 * the list is left alone while an offset is looked up, which is the end of the first fault, and
 * what goes out is looked at here, which doesn't depend on how the connector came to it.
 *
 * <p>A channel without a start appeared after the task was made: all of it belongs to the task. It
 * begins at offset 0 and not at the earliest offset that is left, so that messages that are gone
 * unread are an error.
 *
 * <p>Runs on the coordinator's thread; the broker is asked on a worker's.
 */
final class ChannelHandout implements SplitEnumeratorContext<KafkaPartitionSplit> {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelHandout.class);

    private final SplitEnumeratorContext<KafkaPartitionSplit> flink;
    private final Map<String, Long> starts;
    private final Set<String> handedOut = new HashSet<>();

    /** As a reader that failed had them. Nothing else may take their place. */
    private final Map<String, KafkaPartitionSplit> returned = new HashMap<>();

    /** Calls other than the periodic one that aren't answered yet. */
    private final AtomicInteger lookups = new AtomicInteger();

    private boolean listed;
    private boolean away;

    /**
     * For one life of an enumerator.
     *
     * @param starts by channel, the first offset that belongs to the task
     * @param handedOut what readers have according to the checkpoint
     */
    ChannelHandout(
            SplitEnumeratorContext<KafkaPartitionSplit> flink,
            Map<String, Long> starts,
            Set<TopicPartition> handedOut) {
        this.flink = flink;
        this.starts = new TreeMap<>(starts);
        handedOut.forEach(channel -> this.handedOut.add(KafkaPartitionSplit.toSplitId(channel)));
    }

    /** By channel, the first offset that belongs to the task. */
    Map<String, Long> starts() {
        return starts;
    }

    /** Splits of a reader that failed: each may be handed out once more, as it is. */
    void takeBack(List<KafkaPartitionSplit> splits) {
        for (KafkaPartitionSplit split : splits) {
            handedOut.remove(split.splitId());
            returned.put(split.splitId(), split);
        }
    }

    @Override
    public void assignSplits(SplitsAssignment<KafkaPartitionSplit> wanted) {
        Map<Integer, List<KafkaPartitionSplit>> assignment = new HashMap<>();
        wanted.assignment()
                .forEach(
                        (reader, splits) -> {
                            for (KafkaPartitionSplit split : splits) {
                                if (handedOut.add(split.splitId())) {
                                    assignment
                                            .computeIfAbsent(reader, r -> new ArrayList<>())
                                            .add(placed(split));
                                } else {
                                    LOG.info("Left out: {} is handed out already", split);
                                }
                            }
                        });
        if (!assignment.isEmpty()) {
            LOG.info("Channels to readers: {}", assignment);
            flink.assignSplits(new SplitsAssignment<>(assignment));
        }
    }

    private KafkaPartitionSplit placed(KafkaPartitionSplit split) {
        KafkaPartitionSplit back = returned.remove(split.splitId());
        return back != null
                ? back
                : new KafkaPartitionSplit(
                        split.getTopicPartition(), starts.getOrDefault(split.getTopic(), 0L));
    }

    @Override
    public <T> void callAsync(Callable<T> lookup, BiConsumer<T, Throwable> handler) {
        lookups.incrementAndGet();
        flink.callAsync(
                lookup,
                (found, failure) -> {
                    lookups.decrementAndGet();
                    handler.accept(found, failure);
                });
    }

    /**
     * As Flink's, but what was listed while an offset is looked up is forgotten, the next list will
     * have it; and lists that are overdue don't come before the lookup. A broker that is away for a
     * while is asked again, where the connector would have all of the job start anew each minute:
     * readers wait for it all the same.
     */
    @Override
    public <T> void callAsync(
            Callable<T> list,
            BiConsumer<T, Throwable> handler,
            long initialDelayMillis,
            long periodMillis) {
        flink.callAsync(
                () -> lookups.get() == 0 ? list.call() : null,
                (T found, Throwable failure) -> {
                    if (failure != null && listed && passes(failure)) {
                        noteAway(failure);
                    } else if (failure != null || (found != null && lookups.get() == 0)) {
                        noteAnswer(failure);
                        handler.accept(found, failure);
                    }
                },
                initialDelayMillis,
                periodMillis);
    }

    private static boolean passes(Throwable failure) {
        return ExceptionUtils.findThrowable(failure, RetriableException.class).isPresent();
    }

    private void noteAway(Throwable failure) {
        if (!away) {
            LOG.warn(
                    "No new channels are found, and likely no messages read, until the broker"
                            + " answers again: {}",
                    failure.getMessage());
        }
        away = true;
    }

    private void noteAnswer(Throwable failure) {
        listed |= failure == null;
        if (away && failure == null) {
            LOG.info("The broker lists its topics again");
            away = false;
        }
    }

    // from here on Flink's context as it is

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
        return flink.metricGroup();
    }

    @Override
    public void sendEventToSourceReader(int reader, SourceEvent event) {
        flink.sendEventToSourceReader(reader, event);
    }

    @Override
    public void sendEventToSourceReader(int reader, int attempt, SourceEvent event) {
        flink.sendEventToSourceReader(reader, attempt, event);
    }

    @Override
    public int currentParallelism() {
        return flink.currentParallelism();
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
        return flink.registeredReaders();
    }

    @Override
    public Map<Integer, Map<Integer, ReaderInfo>> registeredReadersOfAttempts() {
        return flink.registeredReadersOfAttempts();
    }

    @Override
    public void signalNoMoreSplits(int reader) {
        flink.signalNoMoreSplits(reader);
    }

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
        flink.runInCoordinatorThread(runnable);
    }

    @Override
    public void setIsProcessingBacklog(boolean isProcessingBacklog) {
        flink.setIsProcessingBacklog(isProcessingBacklog);
    }
}
