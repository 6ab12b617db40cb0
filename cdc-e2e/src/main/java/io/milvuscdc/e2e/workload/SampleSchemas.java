// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.ValueField;

/** Collection schemas that together use everything that Milvus 2.3 has. */
public final class SampleSchemas {

    /** Name of the vector field in all of them. */
    public static final String VECTOR = "vector";

    /** Name of the primary key in all of them. */
    public static final String KEY = "id";

    private SampleSchemas() {}

    /** An Int64 key and a float vector. */
    public static CollectionSchema small(int dim) {
        return CollectionSchema.newBuilder()
                .addFields(key(DataType.Int64, false))
                .addFields(vector(DataType.FloatVector, dim))
                .build();
    }

    /** As {@link #small}, with a VarChar and dynamic fields: what most users have. */
    public static CollectionSchema usual(int dim) {
        return small(dim).toBuilder()
                .addFields(varChar("title", 128))
                .setEnableDynamicField(true)
                .build();
    }

    /** Every scalar type, arrays, JSON, a default value, dynamic fields and a float vector. */
    public static CollectionSchema everyScalar(int dim) {
        return CollectionSchema.newBuilder()
                .setDescription("every scalar type")
                .setEnableDynamicField(true)
                .addFields(key(DataType.Int64, false).toBuilder().setDescription("the key"))
                .addFields(field("flag", DataType.Bool))
                .addFields(field("int8", DataType.Int8))
                .addFields(field("int16", DataType.Int16))
                .addFields(field("int32", DataType.Int32))
                .addFields(field("int64", DataType.Int64))
                .addFields(field("float", DataType.Float))
                .addFields(field("double", DataType.Double))
                .addFields(varChar("text", 64))
                .addFields(field("json", DataType.JSON))
                .addFields(array("numbers", DataType.Int64))
                .addFields(array("flags", DataType.Bool))
                .addFields(array("doubles", DataType.Double))
                .addFields(
                        array("words", DataType.VarChar).toBuilder()
                                .addTypeParams(pair("max_length", "16")))
                .addFields(
                        field("with_default", DataType.Int32).toBuilder()
                                .setDefaultValue(ValueField.newBuilder().setIntData(42)))
                .addFields(vector(DataType.FloatVector, dim))
                .build();
    }

    /** A VarChar key and a binary vector. */
    public static CollectionSchema binary(int dim, boolean autoId) {
        return CollectionSchema.newBuilder()
                .addFields(key(DataType.VarChar, autoId))
                .addFields(vector(DataType.BinaryVector, dim))
                .build();
    }

    /** An Int64 key that Milvus makes itself. */
    public static CollectionSchema autoId(int dim) {
        return CollectionSchema.newBuilder()
                .addFields(key(DataType.Int64, true))
                .addFields(field("number", DataType.Int64))
                .addFields(vector(DataType.FloatVector, dim))
                .build();
    }

    /** A VarChar partition key. */
    public static CollectionSchema partitionKey(int dim) {
        return small(dim).toBuilder()
                .addFields(varChar("tenant", 32).toBuilder().setIsPartitionKey(true))
                .build();
    }

    private static FieldSchema key(DataType type, boolean autoId) {
        FieldSchema field = type == DataType.VarChar ? varChar(KEY, 64) : field(KEY, type);
        return field.toBuilder().setIsPrimaryKey(true).setAutoID(autoId).build();
    }

    private static FieldSchema vector(DataType type, int dim) {
        return field(VECTOR, type).toBuilder()
                .addTypeParams(pair("dim", Integer.toString(dim)))
                .build();
    }

    private static FieldSchema varChar(String name, int maxLength) {
        return field(name, DataType.VarChar).toBuilder()
                .addTypeParams(pair("max_length", Integer.toString(maxLength)))
                .build();
    }

    private static FieldSchema array(String name, DataType element) {
        return field(name, DataType.Array).toBuilder()
                .setElementType(element)
                .addTypeParams(pair("max_capacity", "8"))
                .build();
    }

    private static FieldSchema field(String name, DataType type) {
        return FieldSchema.newBuilder().setName(name).setDataType(type).build();
    }

    static KeyValuePair pair(String key, String value) {
        return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }
}
