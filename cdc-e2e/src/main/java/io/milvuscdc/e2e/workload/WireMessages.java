// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.IDs;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import milvus.proto.msg.Msg;

/**
 * Messages for a pchannel with the fields that a Milvus 2.3.5 was recorded to write, made without a
 * Milvus: rows are those of {@link SampleRows}, with an Int64 key and a vector of floats.
 *
 * @param vchannel where they belong
 * @param collectionName has no part in where they go
 */
public record WireMessages(
        String vchannel, long collectionId, String collectionName, long partitionId, int dim) {

    /** The name of the partition that every collection has. */
    public static final String PARTITION = "_default";

    private static final long FIRST_USER_FIELD = 100;
    private static final long SOURCE_NODE = 1;

    /** The columns of {@code count} rows from a key on, to be used for any number of messages. */
    public List<FieldData> columns(long firstKey, int count) {
        CollectionSchema schema = SampleSchemas.small(dim);
        List<FieldData> columns = new ArrayList<>();
        for (FieldData column : new SampleRows(schema, firstKey, count, 0).columns()) {
            columns.add(column.toBuilder().setFieldId(FIRST_USER_FIELD + columns.size()).build());
        }
        return columns;
    }

    /**
     * An insert.
     *
     * @param msgId its rows' ids follow it
     * @param tso of the message and of all of its rows
     * @param rows how many the columns have
     */
    public byte[] insert(long msgId, long tso, List<FieldData> columns, int rows) {
        return Msg.InsertRequest.newBuilder()
                .setBase(base(MsgType.Insert, msgId, tso))
                .setShardName(vchannel)
                .setCollectionName(collectionName)
                .setPartitionName(PARTITION)
                .setCollectionID(collectionId)
                .setPartitionID(partitionId)
                .addAllTimestamps(Collections.nCopies(rows, tso))
                .addAllRowIDs(LongStream.rangeClosed(msgId + 1, msgId + rows).boxed().toList())
                .addAllFieldsData(columns)
                .setNumRows(rows)
                .setVersion(Msg.InsertDataVersion.ColumnBased)
                .build()
                .toByteArray();
    }

    /** A delete by key, from all partitions. */
    public byte[] delete(long msgId, long tso, long firstKey, int rows) {
        return Msg.DeleteRequest.newBuilder()
                .setBase(base(MsgType.Delete, msgId, tso))
                .setShardName(vchannel)
                .setCollectionName(collectionName)
                .setCollectionID(collectionId)
                .setPartitionID(-1)
                .addAllTimestamps(Collections.nCopies(rows, tso))
                .setNumRows(rows)
                .setPrimaryKeys(
                        IDs.newBuilder()
                                .setIntId(
                                        LongArray.newBuilder()
                                                .addAllData(
                                                        LongStream.range(firstKey, firstKey + rows)
                                                                .boxed()
                                                                .toList())))
                .build()
                .toByteArray();
    }

    /** A time tick. */
    public static byte[] tick(long tso) {
        return Msg.TimeTickMsg.newBuilder()
                .setBase(base(MsgType.TimeTick, 0, tso))
                .build()
                .toByteArray();
    }

    private static MsgBase base(MsgType type, long msgId, long tso) {
        return MsgBase.newBuilder()
                .setMsgType(type)
                .setMsgID(msgId)
                .setTimestamp(tso)
                .setSourceID(SOURCE_NODE)
                .build();
    }
}
