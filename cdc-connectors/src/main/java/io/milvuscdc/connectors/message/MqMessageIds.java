// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A message queue's message ids as the bytes that Milvus keeps them in ({@code MsgPosition.msgID},
 * {@code start_positions} of a collection).
 */
public enum MqMessageIds {
    /** The offset in 8 bytes, little-endian. */
    KAFKA {
        @Override
        public ByteString encode(MqPosition position) {
            ByteBuffer id = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return ByteString.copyFrom(id.putLong(0, position.entry()));
        }

        @Override
        public MqPosition decode(ByteString id) {
            if (id.size() != Long.BYTES) {
                throw new IllegalArgumentException(
                        "a Kafka message id has 8 bytes, this one "
                                + id.size()
                                + "; check that the position is of a source that uses Kafka");
            }
            long offset = id.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (offset < 0) {
                throw new IllegalArgumentException(
                        "a Kafka offset is not negative, this one is "
                                + offset
                                + "; check that the position is of a source that uses Kafka");
            }
            return MqPosition.ofKafkaOffset(offset);
        }
    };

    /** The bytes of a position. */
    public abstract ByteString encode(MqPosition position);

    /**
     * The position that bytes stand for.
     *
     * @throws IllegalArgumentException when they are no id of this message queue
     */
    public abstract MqPosition decode(ByteString id);
}
