// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import io.milvuscdc.connectors.message.ChannelMessage;
import java.io.Serial;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's view of {@link ChannelMessage}, so that it never falls back to reflection (Kryo). */
public final class ChannelMessageTypeInfo extends TypeInformation<ChannelMessage> {

    public static final ChannelMessageTypeInfo INSTANCE = new ChannelMessageTypeInfo();

    @Serial private static final long serialVersionUID = 1L;

    private ChannelMessageTypeInfo() {}

    @Override
    public TypeSerializer<ChannelMessage> createSerializer(SerializerConfig config) {
        return ChannelMessageSerializer.INSTANCE;
    }

    @Override
    @SuppressWarnings(
            "deprecation") // abstract in 1.20; gone in 2.x, where the overload above is called
    public TypeSerializer<ChannelMessage> createSerializer(ExecutionConfig config) {
        return ChannelMessageSerializer.INSTANCE;
    }

    @Override
    public Class<ChannelMessage> getTypeClass() {
        return ChannelMessage.class;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ChannelMessageTypeInfo;
    }

    @Override
    public boolean equals(Object other) {
        return canEqual(other);
    }

    @Override
    public int hashCode() {
        return ChannelMessageTypeInfo.class.hashCode();
    }

    @Override
    public String toString() {
        return "ChannelMessage";
    }

    @Serial
    private Object readResolve() {
        return INSTANCE;
    }
}
