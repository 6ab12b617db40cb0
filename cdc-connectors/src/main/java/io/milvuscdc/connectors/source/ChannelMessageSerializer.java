// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MqPosition;
import java.io.IOException;
import java.io.Serial;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The binary form of a {@link ChannelMessage}: between operators that aren't chained, and of the
 * rows that wait in the writer's state.
 */
public final class ChannelMessageSerializer extends TypeSerializerSingleton<ChannelMessage> {

    public static final ChannelMessageSerializer INSTANCE = new ChannelMessageSerializer();

    @Serial private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public ChannelMessage createInstance() {
        return new ChannelMessage(
                "", new MqPosition(0, 0), 0, 0, 0, 0, 0, "", "", 0, ByteString.EMPTY);
    }

    @Override
    public ChannelMessage copy(ChannelMessage from) {
        return from;
    }

    @Override
    public ChannelMessage copy(ChannelMessage from, ChannelMessage reuse) {
        return from;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(ChannelMessage message, DataOutputView out) throws IOException {
        out.writeUTF(message.pchannel());
        out.writeLong(message.position().ledger());
        out.writeLong(message.position().entry());
        out.writeInt(message.type());
        out.writeLong(message.timestamp());
        out.writeLong(message.msgId());
        out.writeLong(message.collectionId());
        out.writeLong(message.partitionId());
        out.writeUTF(message.vchannel());
        out.writeUTF(message.partitionName());
        out.writeLong(message.rows());
        out.writeInt(message.payload().size());
        out.write(message.payload().toByteArray());
    }

    @Override
    public ChannelMessage deserialize(DataInputView in) throws IOException {
        String pchannel = in.readUTF();
        MqPosition position = new MqPosition(in.readLong(), in.readLong());
        int type = in.readInt();
        long timestamp = in.readLong();
        long msgId = in.readLong();
        long collectionId = in.readLong();
        long partitionId = in.readLong();
        String vchannel = in.readUTF();
        String partitionName = in.readUTF();
        long rows = in.readLong();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        return new ChannelMessage(
                pchannel,
                position,
                type,
                timestamp,
                msgId,
                collectionId,
                partitionId,
                vchannel,
                partitionName,
                rows,
                UnsafeByteOperations.unsafeWrap(payload));
    }

    @Override
    public ChannelMessage deserialize(ChannelMessage reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public TypeSerializerSnapshot<ChannelMessage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Written beside state, so that Flink finds the serializer again. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ChannelMessage> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
