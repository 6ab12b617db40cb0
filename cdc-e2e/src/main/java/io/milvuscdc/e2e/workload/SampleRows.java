// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.workload;

import com.google.protobuf.ByteString;
import io.milvus.grpc.ArrayArray;
import io.milvus.grpc.BoolArray;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DoubleArray;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.FloatArray;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Rows for any schema, as columns. A value depends on the row's key, the field and the {@code
 * version} only: the same arguments give the same rows, another version gives rows that differ in
 * every field but the key.
 *
 * @param first key of the first row; the others follow it
 */
public record SampleRows(CollectionSchema schema, long first, int count, int version) {

    /** The keys as an expression's literals: 1 or "k1". */
    public List<String> keyLiterals() {
        boolean text =
                schema.getFieldsList().stream()
                        .anyMatch(f -> f.getIsPrimaryKey() && f.getDataType() == DataType.VarChar);
        return seeds().mapToObj(i -> text ? "\"" + word(i) + "\"" : Long.toString(i)).toList();
    }

    /** All columns that an insert needs: keys that Milvus makes are left out. */
    public List<FieldData> columns() {
        List<FieldData> columns = new ArrayList<>();
        for (FieldSchema field : schema.getFieldsList()) {
            if (!field.getAutoID()) {
                columns.add(column(field));
            }
        }
        if (schema.getEnableDynamicField()) {
            columns.add(
                    FieldData.newBuilder()
                            .setType(DataType.JSON)
                            .setIsDynamic(true)
                            .setScalars(
                                    json(
                                            i ->
                                                    "{\"colour\": \"c"
                                                            + i
                                                            + "\", \"v\": "
                                                            + version
                                                            + "}"))
                            .build());
        }
        return columns;
    }

    private FieldData column(FieldSchema field) {
        FieldData.Builder column =
                FieldData.newBuilder().setFieldName(field.getName()).setType(field.getDataType());
        return switch (field.getDataType()) {
            case FloatVector, BinaryVector -> column.setVectors(vectors(field)).build();
            case Array -> column.setScalars(arrays(field.getElementType())).build();
            default ->
                    column.setScalars(
                                    scalars(
                                            field.getDataType(),
                                            field.getIsPrimaryKey()
                                                    ? seeds()
                                                    : seeds().map(i -> i + 1000L * version)))
                            .build();
        };
    }

    private LongStream seeds() {
        return LongStream.range(first, first + count);
    }

    private static String word(long seed) {
        return "k" + seed;
    }

    private static ScalarField scalars(DataType type, LongStream seeds) {
        ScalarField.Builder field = ScalarField.newBuilder();
        switch (type) {
            case Bool -> {
                BoolArray.Builder data = BoolArray.newBuilder();
                seeds.forEach(i -> data.addData(i % 2 == 0));
                field.setBoolData(data);
            }
            case Int8, Int16, Int32 -> {
                IntArray.Builder data = IntArray.newBuilder();
                seeds.forEach(i -> data.addData((int) (i % 100)));
                field.setIntData(data);
            }
            case Int64 ->
                    field.setLongData(LongArray.newBuilder().addAllData(seeds.boxed().toList()));
            case Float -> {
                FloatArray.Builder data = FloatArray.newBuilder();
                seeds.forEach(i -> data.addData(i / 4f));
                field.setFloatData(data);
            }
            case Double -> {
                DoubleArray.Builder data = DoubleArray.newBuilder();
                seeds.forEach(i -> data.addData(i / 8d));
                field.setDoubleData(data);
            }
            case VarChar -> {
                StringArray.Builder data = StringArray.newBuilder();
                seeds.forEach(i -> data.addData(word(i)));
                field.setStringData(data);
            }
            case JSON -> {
                JSONArray.Builder data = JSONArray.newBuilder();
                seeds.forEach(i -> data.addData(utf8("{\"n\": " + i + ", \"a\": [1, \"ü\"]}")));
                field.setJsonData(data);
            }
            default -> throw new IllegalArgumentException("no sample rows for type " + type);
        }
        return field.build();
    }

    private ScalarField json(LongFunction<String> text) {
        JSONArray.Builder data = JSONArray.newBuilder();
        seeds().forEach(i -> data.addData(utf8(text.apply(i))));
        return ScalarField.newBuilder().setJsonData(data).build();
    }

    private ScalarField arrays(DataType element) {
        ArrayArray.Builder data = ArrayArray.newBuilder().setElementType(element);
        seeds().forEach(
                        i ->
                                data.addData(
                                        scalars(
                                                element,
                                                LongStream.range(
                                                        i + version, i + version + i % 4))));
        return ScalarField.newBuilder().setArrayData(data).build();
    }

    private VectorField vectors(FieldSchema field) {
        int dim = Integer.parseInt(field.getTypeParams(0).getValue());
        VectorField.Builder vectors = VectorField.newBuilder().setDim(dim);
        if (field.getDataType() == DataType.BinaryVector) {
            byte[] bits = new byte[count * dim / 8];
            IntStream.range(0, bits.length).forEach(i -> bits[i] = (byte) (first + version + i));
            return vectors.setBinaryVector(ByteString.copyFrom(bits)).build();
        }
        FloatArray.Builder floats = FloatArray.newBuilder();
        seeds().forEach(
                        i -> {
                            for (int d = 0; d < dim; d++) {
                                floats.addData(noise(i, d));
                            }
                        });
        return vectors.setFloatVector(floats).build();
    }

    /** From 0 to 1, without a pattern: as hard to compress as a real vector. */
    private float noise(long seed, int dimension) {
        long mixed = ((seed * 31 + version) * 4_099 + dimension) * 0x9E37_79B9_7F4A_7C15L;
        mixed ^= mixed >>> 32;
        mixed *= 0x9E37_79B9_7F4A_7C15L;
        return (mixed >>> 40) / (float) (1 << 24);
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
