// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.UndecodableMessageException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/**
 * Kafka's reader, with the errors that no retry mends put into words. Used by one thread, the
 * task's.
 */
final class KafkaChannelReader implements SourceReader<ChannelMessage, KafkaPartitionSplit> {

    private final SourceChannels channels;
    private final SourceReader<ChannelMessage, KafkaPartitionSplit> reader;

    KafkaChannelReader(
            SourceChannels channels, SourceReader<ChannelMessage, KafkaPartitionSplit> reader) {
        this.channels = channels;
        this.reader = reader;
    }

    @Override
    public void start() {
        reader.start();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<ChannelMessage> output) throws Exception {
        try {
            return reader.pollNext(output);
        } catch (Exception e) {
            throw inWords(e);
        }
    }

    private Exception inWords(Exception e) {
        Optional<UndecodableMessageException> undecodable =
                ExceptionUtils.findThrowable(e, UndecodableMessageException.class);
        if (undecodable.isPresent()) {
            return new SourceException(undecodable.get().getMessage(), e);
        }
        Optional<InvalidOffsetException> gone =
                ExceptionUtils.findThrowable(e, InvalidOffsetException.class);
        if (gone.isPresent()) {
            return new SourceException(lostPosition(gone.get()), e);
        }
        return KafkaRefusal.of("Could not read from " + channels, e)
                .<Exception>map(r -> r)
                .orElse(e);
    }

    private String lostPosition(InvalidOffsetException e) {
        String where = e.partitions().toString();
        if (e instanceof OffsetOutOfRangeException outOfRange) {
            where =
                    outOfRange.offsetOutOfRangePartitions().entrySet().stream()
                            .map(p -> p.getKey().topic() + " offset " + p.getValue())
                            .collect(Collectors.joining(", "));
        } else if (e instanceof NoOffsetForPartitionException) {
            where += " (no offset)";
        }
        return "The source's broker ("
                + channels
                + ") no longer has the position to read on from: "
                + where
                + ". Unread changes are lost to this task (retention too short, or the topic was made anew). Delete the task, copy the"
                + " data by a backup, create the task again, and lengthen the retention of the source's topics.";
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        return reader.snapshotState(checkpointId);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return reader.isAvailable();
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        reader.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent sourceEvent) {
        reader.handleSourceEvents(sourceEvent);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        reader.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(
            Collection<String> splitsToPause, Collection<String> splitsToResume) {
        reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
    }

    @Override
    public void close() throws Exception {
        reader.close();
    }
}
