// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyDataPair;
import io.milvus.grpc.KeyValuePair;

/** Makes values as Milvus 2.3 writes them to etcd. */
final class MilvusMeta {

    static final ByteString TOMBSTONE =
            ByteString.copyFrom(new byte[] {(byte) 0xE2, (byte) 0x9B, (byte) 0xBC});

    static final int CREATED = 0;
    static final int CREATING = 1;
    static final int DROPPING = 2;

    private MilvusMeta() {}

    /** A message by field numbers. */
    static final class Fields {
        private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

        Fields number(int field, long value) {
            fields.mergeField(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
            return this;
        }

        Fields bytes(int field, ByteString value) {
            fields.mergeField(
                    field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
            return this;
        }

        Fields text(int field, String value) {
            return bytes(field, ByteString.copyFromUtf8(value));
        }

        Fields message(int field, MessageLite value) {
            return bytes(field, value.toByteString());
        }

        ByteString build() {
            return fields.build().toByteString();
        }
    }

    static Fields fields() {
        return new Fields();
    }

    static ByteString database(long id, String name) {
        return fields().text(2, name).number(3, id).number(4, 1).number(5, 77).build();
    }

    /** A collection on one shard, created at {@code id * 10}. */
    static ByteString collection(long id, String name, int state) {
        return collection(id, name, state, "by-dev-rootcoord-dml_0");
    }

    static ByteString collection(long id, String name, int state, String... pchannels) {
        Fields info =
                fields().number(1, id)
                        .message(2, CollectionSchema.newBuilder().setName(name).build())
                        .number(3, id * 10)
                        .number(10, pchannels.length)
                        .number(12, 2)
                        .number(13, state)
                        .message(14, pair("collection.ttl.seconds", "60"));
        for (int shard = 0; shard < pchannels.length; shard++) {
            info.text(7, pchannels[shard] + "_" + id + "v" + shard)
                    .text(8, pchannels[shard])
                    .message(
                            11,
                            KeyDataPair.newBuilder()
                                    .setKey(pchannels[shard])
                                    .setData(ByteString.copyFromUtf8("position"))
                                    .build());
        }
        return info.build();
    }

    static ByteString field(long id, String name) {
        return FieldSchema.newBuilder()
                .setFieldID(id)
                .setName(name)
                .setDataType(DataType.Int64)
                .build()
                .toByteString();
    }

    static ByteString partition(long collectionId, long id, String name, int state) {
        return fields().number(1, id)
                .text(2, name)
                .number(3, id * 10)
                .number(4, collectionId)
                .number(5, state)
                .build();
    }

    static ByteString alias(String name, long collectionId) {
        return fields().text(1, name).number(2, collectionId).number(3, 5).build();
    }

    static KeyValuePair pair(String key, String value) {
        return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }
}
