// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IDs;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ReplicateInfo;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SparseFloatArray;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import milvus.proto.msg.Msg;

/** Messages like those on a source's channels, the same ones for the same seed. */
final class RandomMessages {

    private static final long TSO = Tso.of(1_700_000_000_000L, 3);

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    /** An insert of 1 to 20 rows with nullable, dynamic, sparse and unknown fields. */
    Msg.InsertRequest insert() {
        int rows = 1 + random.nextInt(20);
        long tso = TSO + random.nextInt(1 << 20);
        return Msg.InsertRequest.newBuilder()
                .setBase(base(MsgType.Insert, tso))
                .setShardName("by-dev-rootcoord-dml_3_445566v" + random.nextInt(3))
                .setDbName(random.nextBoolean() ? "" : "sales")
                .setCollectionName("orders")
                .setPartitionName("_default")
                .setDbID(1)
                .setCollectionID(id())
                .setPartitionID(id())
                .setSegmentID(id())
                .addAllTimestamps(Collections.nCopies(rows, tso))
                .addAllRowIDs(LongStream.range(0, rows).boxed().toList())
                .addFieldsData(longs(rows))
                .addFieldsData(nullableTexts(rows))
                .addFieldsData(vectors(rows))
                .addFieldsData(sparse(rows))
                .addFieldsData(dynamic(rows))
                .setNumRows(rows)
                .setVersion(Msg.InsertDataVersion.ColumnBased)
                .setUnknownFields(unknown())
                .build();
    }

    /** A delete by int or varchar keys, from one partition or from all. */
    Msg.DeleteRequest delete() {
        int rows = 1 + random.nextInt(20);
        long tso = TSO + random.nextInt(1 << 20);
        boolean onePartition = random.nextBoolean();
        return Msg.DeleteRequest.newBuilder()
                .setBase(base(MsgType.Delete, tso))
                .setShardName("by-dev-rootcoord-dml_3_445566v0")
                .setCollectionName("orders")
                .setPartitionName(onePartition ? "_default" : "")
                .setCollectionID(id())
                .setPartitionID(onePartition ? id() : -1)
                .addAllTimestamps(Collections.nCopies(rows, tso))
                .setNumRows(rows)
                .setPrimaryKeys(keys(rows))
                .setUnknownFields(unknown())
                .build();
    }

    MsgBase base(MsgType type, long tso) {
        return MsgBase.newBuilder()
                .setMsgType(type)
                .setMsgID(id())
                .setTimestamp(tso)
                .setSourceID(random.nextInt(100))
                .putProperties("trace", "x" + random.nextInt())
                .setReplicateInfo(ReplicateInfo.newBuilder().setMsgTimestamp(5))
                .build();
    }

    /** A number like those that Milvus allocates: positive, 59 bits. */
    private long id() {
        return 445_000_000_000_000_000L + random.nextInt(Integer.MAX_VALUE);
    }

    private IDs keys(int rows) {
        if (random.nextBoolean()) {
            return IDs.newBuilder().setIntId(numbers(rows)).build();
        }
        return IDs.newBuilder().setStrId(texts(rows)).build();
    }

    private LongArray numbers(int rows) {
        return LongArray.newBuilder()
                .addAllData(LongStream.generate(random::nextLong).limit(rows).boxed().toList())
                .build();
    }

    private StringArray texts(int rows) {
        return StringArray.newBuilder()
                .addAllData(IntStream.range(0, rows).mapToObj(i -> "größe-" + i).toList())
                .build();
    }

    private FieldData longs(int rows) {
        return field(100, DataType.Int64)
                .setScalars(ScalarField.newBuilder().setLongData(numbers(rows)))
                .build();
    }

    private FieldData nullableTexts(int rows) {
        FieldData.Builder field = field(101, DataType.VarChar);
        for (int i = 0; i < rows; i++) {
            field.addValidData(random.nextBoolean());
        }
        return field.setScalars(ScalarField.newBuilder().setStringData(texts(rows))).build();
    }

    private FieldData vectors(int rows) {
        FloatArray.Builder values = FloatArray.newBuilder();
        for (int i = 0; i < rows * 8; i++) {
            values.addData(random.nextFloat());
        }
        return field(102, DataType.FloatVector)
                .setVectors(VectorField.newBuilder().setDim(8).setFloatVector(values))
                .build();
    }

    private FieldData sparse(int rows) {
        SparseFloatArray.Builder values = SparseFloatArray.newBuilder().setDim(1000);
        for (int i = 0; i < rows; i++) {
            values.addContents(noise(8 * random.nextInt(5)));
        }
        return field(103, DataType.SparseFloatVector)
                .setVectors(VectorField.newBuilder().setDim(1000).setSparseFloatVector(values))
                .build();
    }

    private FieldData dynamic(int rows) {
        JSONArray.Builder values = JSONArray.newBuilder();
        for (int i = 0; i < rows; i++) {
            values.addData(ByteString.copyFromUtf8("{\"colour\":" + i + "}"));
        }
        return field(104, DataType.JSON)
                .setIsDynamic(true)
                .setScalars(ScalarField.newBuilder().setJsonData(values))
                .build();
    }

    private FieldData.Builder field(long id, DataType type) {
        return FieldData.newBuilder().setFieldId(id).setFieldName("f" + id).setType(type);
    }

    /** Fields of a Milvus to come. */
    private UnknownFieldSet unknown() {
        return UnknownFieldSet.newBuilder()
                .addField(
                        500,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(random.nextLong())
                                .addFixed32(random.nextInt())
                                .addFixed64(random.nextLong())
                                .addLengthDelimited(noise(random.nextInt(40)))
                                .build())
                .build();
    }

    private ByteString noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
