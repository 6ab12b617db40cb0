// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import com.google.protobuf.UnsafeByteOperations;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.Serial;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns a Kafka record of a channel into a {@link ChannelMessage}; the record's bytes are wrapped,
 * not copied.
 */
final class ChannelMessageDeserializer implements KafkaRecordDeserializationSchema<ChannelMessage> {

    @Serial private static final long serialVersionUID = 1L;

    /** Of the reader that this is used by; each task has a copy of its own. */
    private transient TickReporter ticks;

    /** To be called before the reader is started. */
    void reportTo(TickReporter ticks) {
        this.ticks = ticks;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ChannelMessage> out) {
        MqPosition position = MqPosition.ofKafkaOffset(record.offset());
        MessageDecoder.refuseStreamingMessage(
                record.topic(), position, name -> record.headers().lastHeader(name) != null);
        byte[] value = record.value() == null ? new byte[0] : record.value();
        ChannelMessage message =
                MessageDecoder.decode(
                        record.topic(), position, UnsafeByteOperations.unsafeWrap(value));
        out.collect(message);
        ticks.passed(message);
    }

    @Override
    public TypeInformation<ChannelMessage> getProducedType() {
        return ChannelMessageTypeInfo.INSTANCE;
    }
}
