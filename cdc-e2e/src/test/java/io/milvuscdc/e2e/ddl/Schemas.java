// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.ValueField;
import java.util.List;

/** The schemas that the scenarios make collections of. */
final class Schemas {

    static final String VECTOR = "v";
    private static final int DIMENSION = 8;

    /** What an array may hold in Milvus 2.3. */
    private static final List<DataType> ELEMENTS =
            List.of(
                    DataType.Bool,
                    DataType.Int8,
                    DataType.Int16,
                    DataType.Int32,
                    DataType.Int64,
                    DataType.Float,
                    DataType.Double,
                    DataType.VarChar);

    private Schemas() {}

    /** An int64 key, a number, a text, a vector. */
    static CollectionSchema plain() {
        return schema(
                int64Key(), field("number", DataType.Int32), varchar("text", 64), floatVector());
    }

    /** Every scalar type, and arrays of all of them but JSON. */
    static CollectionSchema everyScalarType() {
        return schema(
                int64Key(),
                field("bool", DataType.Bool),
                field("int8", DataType.Int8),
                field("int16", DataType.Int16),
                field("int32", DataType.Int32),
                field("int64", DataType.Int64),
                field("float", DataType.Float),
                field("double", DataType.Double),
                varchar("varchar", 256),
                field("json", DataType.JSON),
                floatVector());
    }

    /** An array of every element type. */
    static CollectionSchema everyArrayType() {
        CollectionSchema.Builder schema = schema(int64Key(), floatVector()).toBuilder();
        for (DataType element : ELEMENTS) {
            FieldSchema.Builder field =
                    field(
                                    "array_" + element.name().toLowerCase(java.util.Locale.ROOT),
                                    DataType.Array)
                            .setElementType(element)
                            .addTypeParams(pair("max_capacity", "16"));
            if (element == DataType.VarChar) {
                field.addTypeParams(pair("max_length", "64"));
            }
            schema.addFields(field);
        }
        return schema.build();
    }

    /** A varchar key and a binary vector. */
    static CollectionSchema varcharKeyAndBinaryVector() {
        return schema(
                varchar("key", 64).setIsPrimaryKey(true),
                field("number", DataType.Int64),
                field(VECTOR, DataType.BinaryVector).addTypeParams(pair("dim", "32")));
    }

    /** Any field that isn't in the schema goes into {@code $meta}. */
    static CollectionSchema dynamic() {
        return plain().toBuilder().setEnableDynamicField(true).build();
    }

    static CollectionSchema autoInt64Key() {
        return schema(int64Key().setAutoID(true), varchar("text", 64), floatVector());
    }

    static CollectionSchema autoVarcharKey() {
        return schema(
                varchar("key", 64).setIsPrimaryKey(true).setAutoID(true),
                field("number", DataType.Int64),
                floatVector());
    }

    static CollectionSchema int64PartitionKey() {
        return schema(
                int64Key(), field("tenant", DataType.Int64).setIsPartitionKey(true), floatVector());
    }

    static CollectionSchema varcharPartitionKey() {
        return schema(int64Key(), varchar("tenant", 64).setIsPartitionKey(true), floatVector());
    }

    /** Scalars that the server fills in when a row leaves them out. */
    static CollectionSchema defaultValues() {
        return schema(
                int64Key(),
                field("bool", DataType.Bool)
                        .setDefaultValue(ValueField.newBuilder().setBoolData(true)),
                field("int16", DataType.Int16)
                        .setDefaultValue(ValueField.newBuilder().setIntData(-16)),
                field("int64", DataType.Int64)
                        .setDefaultValue(ValueField.newBuilder().setLongData(Long.MIN_VALUE)),
                field("float", DataType.Float)
                        .setDefaultValue(ValueField.newBuilder().setFloatData(0.5f)),
                field("double", DataType.Double)
                        .setDefaultValue(ValueField.newBuilder().setDoubleData(-0.25)),
                varchar("varchar", 64)
                        .setDefaultValue(ValueField.newBuilder().setStringData("as it was made")),
                floatVector());
    }

    static KeyValuePair pair(String key, String value) {
        return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
    }

    private static CollectionSchema schema(FieldSchema.Builder... fields) {
        CollectionSchema.Builder schema =
                CollectionSchema.newBuilder().setDescription("made by a test");
        for (FieldSchema.Builder field : fields) {
            schema.addFields(field);
        }
        return schema.build();
    }

    private static FieldSchema.Builder int64Key() {
        return field("id", DataType.Int64).setIsPrimaryKey(true);
    }

    private static FieldSchema.Builder floatVector() {
        return field(VECTOR, DataType.FloatVector)
                .addTypeParams(pair("dim", Integer.toString(DIMENSION)));
    }

    private static FieldSchema.Builder varchar(String name, int maxLength) {
        return field(name, DataType.VarChar)
                .addTypeParams(pair("max_length", Integer.toString(maxLength)));
    }

    private static FieldSchema.Builder field(String name, DataType type) {
        return FieldSchema.newBuilder()
                .setName(name)
                .setDescription("the " + name)
                .setDataType(type);
    }
}
