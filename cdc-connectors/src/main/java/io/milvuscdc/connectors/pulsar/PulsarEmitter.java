// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import com.google.protobuf.UnsafeByteOperations;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.UndecodableMessageException;
import io.milvuscdc.connectors.source.SourceException;
import io.milvuscdc.connectors.source.TickReporter;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.metrics.Counter;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;

/** Decodes a message, without copying it, and hands it on. */
final class PulsarEmitter
        implements RecordEmitter<Message<byte[]>, ChannelMessage, PulsarSplitState> {

    private final Counter bytesIn;
    private final TickReporter ticks;

    PulsarEmitter(Counter bytesIn, TickReporter ticks) {
        this.bytesIn = bytesIn;
        this.ticks = ticks;
    }

    @Override
    public void emitRecord(
            Message<byte[]> message, SourceOutput<ChannelMessage> output, PulsarSplitState split) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        MqPosition position = new MqPosition(id.getLedgerId(), id.getEntryId());
        bytesIn.inc(message.size());
        try {
            MessageDecoder.refuseStreamingMessage(split.channel(), position, message::hasProperty);
            ChannelMessage decoded =
                    MessageDecoder.decode(
                            split.channel(),
                            position,
                            UnsafeByteOperations.unsafeWrap(message.getData()));
            split.next(decoded);
            output.collect(decoded);
            ticks.passed(decoded);
        } catch (UndecodableMessageException e) {
            throw new SourceException(e.getMessage(), e);
        }
        split.passed(id);
    }
}
