// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

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
    },

    /**
     * Pulsar's protobuf {@code MessageIdData}: ledgerId 1, entryId 2, partition 3, batch_index 4
     * and more. Milvus to 2.5 writes partition 0 and batch index 0, newer ones a batch size of 1
     * too; clients of other languages say -1 for the same message. Its topics have neither
     * partitions nor batches, so both are left out of the position.
     */
    PULSAR {
        @Override
        public ByteString encode(MqPosition position) {
            ByteString.Output id = ByteString.newOutput();
            CodedOutputStream out = CodedOutputStream.newInstance(id);
            try {
                out.writeUInt64(LEDGER, position.ledger());
                out.writeUInt64(ENTRY, position.entry());
                out.writeInt32(PARTITION, 0);
                out.writeInt32(BATCH_INDEX, 0);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return id.toByteString();
        }

        @Override
        public MqPosition decode(ByteString id) {
            try {
                UnknownFieldSet fields = UnknownFieldSet.parseFrom(id);
                if (fields.getField(BATCH_INDEX).getVarintList().stream().anyMatch(i -> i > 0)) {
                    throw new IllegalArgumentException(
                            "this Pulsar message id is inside a batch, which Milvus 2.3 to 2.5 doesn't"
                                    + " write; check that the position is of this source");
                }
                return new MqPosition(number(fields, LEDGER), number(fields, ENTRY));
            } catch (InvalidProtocolBufferException e) {
                throw noPulsarId(e);
            }
        }

        private static long number(UnknownFieldSet fields, int field) {
            List<Long> values = fields.getField(field).getVarintList();
            if (values.isEmpty() || values.get(values.size() - 1) < 0) {
                throw noPulsarId(null);
            }
            return values.get(values.size() - 1);
        }

        private static IllegalArgumentException noPulsarId(Exception cause) {
            return new IllegalArgumentException(
                    "this is no Pulsar message id (ledger and entry); check that the position is of"
                            + " a source that uses Pulsar",
                    cause);
        }
    };

    private static final int LEDGER = 1;
    private static final int ENTRY = 2;
    private static final int PARTITION = 3;
    private static final int BATCH_INDEX = 4;

    /** The bytes of a position. */
    public abstract ByteString encode(MqPosition position);

    /**
     * The position that bytes stand for.
     *
     * @throws IllegalArgumentException when they are no id of this message queue
     */
    public abstract MqPosition decode(ByteString id);
}
