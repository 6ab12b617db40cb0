// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldSchema;
import io.milvuscdc.e2e.workload.SampleSchemas;
import io.milvuscdc.e2e.workload.WireMessages;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Puts a source's collections into etcd as a Milvus 2.3 does. Field numbers are those of Milvus'
 * {@code etcd_meta.proto}.
 */
final class SourceMetadata {

    private static final int DEFAULT_DATABASE = 1;
    private static final int CONSISTENCY_BOUNDED = 2;
    private static final int FIRST_USER_FIELD = 100;

    private SourceMetadata() {}

    /** Writes all keys and returns when etcd has them. */
    static void write(String endpoint, SourceLayout layout)
            throws InterruptedException, ExecutionException {
        try (Client client = Client.builder().endpoints("http://" + endpoint).build()) {
            for (Map.Entry<String, ByteString> entry : keys(layout).entrySet()) {
                client.getKVClient()
                        .put(
                                ByteSequence.from(entry.getKey(), StandardCharsets.UTF_8),
                                ByteSequence.from(entry.getValue().toByteArray()))
                        .get();
            }
        }
    }

    /** What is written, in this order: a collection comes after its parts. */
    static Map<String, ByteString> keys(SourceLayout layout) {
        String root = layout.metaRoot() + "/root-coord/";
        Map<String, ByteString> keys = new LinkedHashMap<>();
        keys.put(
                root + "database/db-info/" + DEFAULT_DATABASE,
                new Fields().text(2, "default").number(3, DEFAULT_DATABASE).number(4, 1).bytes());
        for (SourceLayout.Collection collection : layout.collections()) {
            String id = Long.toString(collection.id());
            CollectionSchema schema = SampleSchemas.small(SourceLayout.DIM);
            for (int i = 0; i < schema.getFieldsCount(); i++) {
                FieldSchema field =
                        schema.getFields(i).toBuilder().setFieldID(FIRST_USER_FIELD + i).build();
                keys.put(root + "fields/" + id + "/" + field.getFieldID(), field.toByteString());
            }
            keys.put(
                    root + "partitions/" + id + "/" + collection.partitionId(),
                    new Fields()
                            .number(1, collection.partitionId())
                            .text(2, WireMessages.PARTITION)
                            .number(3, collection.createTs())
                            .number(4, collection.id())
                            .bytes());
            keys.put(
                    root + "database/collection-info/" + DEFAULT_DATABASE + "/" + id,
                    info(collection));
        }
        return keys;
    }

    private static ByteString info(SourceLayout.Collection collection) {
        Fields info =
                new Fields()
                        .number(1, collection.id())
                        .message(
                                2, CollectionSchema.newBuilder().setName(collection.name()).build())
                        .number(3, collection.createTs())
                        .number(10, collection.vchannels().size())
                        .number(12, CONSISTENCY_BOUNDED);
        collection.vchannels().forEach(vchannel -> info.text(7, vchannel));
        collection.pchannels().forEach(pchannel -> info.text(8, pchannel));
        return info.bytes();
    }

    /** A message by field numbers. */
    private static final class Fields {
        private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

        Fields number(int field, long value) {
            fields.mergeField(field, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
            return this;
        }

        Fields text(int field, String value) {
            return delimited(field, ByteString.copyFromUtf8(value));
        }

        Fields message(int field, MessageLite value) {
            return delimited(field, value.toByteString());
        }

        private Fields delimited(int field, ByteString value) {
            fields.mergeField(
                    field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
            return this;
        }

        ByteString bytes() {
            return fields.build().toByteString();
        }
    }
}
