// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

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
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.LongArray;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.StringArray;
import io.milvus.grpc.VectorField;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Rows for any schema, the same ones for the same numbers: with the limits of every type, with
 * empty texts and arrays, and with text beyond ASCII.
 *
 * @param firstKey the rows' keys are this one and those that follow
 * @param version another version of a row has the same key and other values
 * @param leaveOutDefaults whether fields that have a default value get none
 */
record SampleRows(long firstKey, int count, int version, boolean leaveOutDefaults) {

    private static final List<String> TEXTS =
            List.of("", "a", "\"quoted\" \\ ", "Ω≈ç√ 日本語 🦭", "x\ny");

    static SampleRows of(long firstKey, int count) {
        return new SampleRows(firstKey, count, 0, false);
    }

    SampleRows version(int newVersion) {
        return new SampleRows(firstKey, count, newVersion, leaveOutDefaults);
    }

    SampleRows withoutDefaults() {
        return new SampleRows(firstKey, count, version, true);
    }

    static String textKey(long key) {
        return "key-" + key;
    }

    List<FieldData> columns(CollectionSchema schema) {
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
                            .setScalars(json(count, this::dynamicFields))
                            .build());
        }
        return columns;
    }

    private FieldData column(FieldSchema field) {
        FieldData.Builder column =
                FieldData.newBuilder().setType(field.getDataType()).setFieldName(field.getName());
        return switch (field.getDataType()) {
            case FloatVector -> column.setVectors(floatVectors(dimension(field))).build();
            case BinaryVector -> column.setVectors(binaryVectors(dimension(field))).build();
            case Array -> column.setScalars(arrays(field)).build();
            default -> column.setScalars(scalars(field)).build();
        };
    }

    private ScalarField scalars(FieldSchema field) {
        if (field.getIsPrimaryKey()) {
            return field.getDataType() == DataType.VarChar
                    ? strings(count, row -> textKey(firstKey + row))
                    : longs(count, row -> firstKey + row);
        }
        int rows = leaveOutDefaults && field.hasDefaultValue() ? 0 : count;
        return values(field.getDataType(), rows, field.getName().hashCode());
    }

    private ScalarField arrays(FieldSchema field) {
        ArrayArray.Builder arrays = ArrayArray.newBuilder().setElementType(field.getElementType());
        for (int row = 0; row < count; row++) {
            int length = (row + version) % 5;
            arrays.addData(values(field.getElementType(), length, row * 31));
        }
        return ScalarField.newBuilder().setArrayData(arrays).build();
    }

    private ScalarField values(DataType type, int rows, int salt) {
        return switch (type) {
            case Bool ->
                    ScalarField.newBuilder()
                            .setBoolData(
                                    BoolArray.newBuilder()
                                            .addAllData(
                                                    list(rows, row -> number(row, salt) % 2 == 0)))
                            .build();
            case Int8 -> ints(rows, salt, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case Int16 -> ints(rows, salt, Short.MIN_VALUE, Short.MAX_VALUE);
            case Int32 -> ints(rows, salt, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case Int64 ->
                    longs(
                            rows,
                            row ->
                                    switch (row % 4) {
                                        case 0 -> Long.MIN_VALUE + version;
                                        case 1 -> Long.MAX_VALUE - version;
                                        default -> number(row, salt);
                                    });
            case Float ->
                    ScalarField.newBuilder()
                            .setFloatData(
                                    FloatArray.newBuilder()
                                            .addAllData(list(rows, row -> decimal(row, salt))))
                            .build();
            case Double ->
                    ScalarField.newBuilder()
                            .setDoubleData(
                                    DoubleArray.newBuilder()
                                            .addAllData(list(rows, row -> number(row, salt) / 7.0)))
                            .build();
            case VarChar -> strings(rows, row -> text(row, salt));
            case JSON ->
                    json(
                            rows,
                            row ->
                                    "{\"n\":%d,\"list\":[1,\"b\",null]}"
                                            .formatted(number(row, salt)));
            default -> throw new IllegalArgumentException("no sample values of type " + type);
        };
    }

    private long number(int row, int salt) {
        return new Random((firstKey + row) * 1_000_003L + version * 7919L + salt).nextInt();
    }

    private float decimal(int row, int salt) {
        return switch (row % 4) {
            case 0 -> Float.MAX_VALUE;
            case 1 -> -Float.MIN_VALUE;
            default -> number(row, salt) / 3f;
        };
    }

    private String text(int row, int salt) {
        return TEXTS.get(row % TEXTS.size()) + (row % TEXTS.size() == 0 ? "" : number(row, salt));
    }

    private String dynamicFields(int row) {
        return switch (row % 3) {
            case 0 -> "{}";
            case 1 -> "{\"colour\":\"blue %d\",\"Ω\":[%d]}".formatted(version, firstKey + row);
            default -> "{\"count\":%d,\"deep\":{\"er\":true}}".formatted(number(row, 0));
        };
    }

    private ScalarField ints(int rows, int salt, int min, int max) {
        IntFunction<Integer> value =
                row ->
                        switch (row % 4) {
                            case 0 -> min;
                            case 1 -> max;
                            default ->
                                    Math.toIntExact(
                                            min
                                                    + Math.floorMod(
                                                            number(row, salt),
                                                            (long) max - min + 1));
                        };
        return ScalarField.newBuilder()
                .setIntData(IntArray.newBuilder().addAllData(list(rows, value)))
                .build();
    }

    private static ScalarField longs(int rows, IntFunction<Long> value) {
        return ScalarField.newBuilder()
                .setLongData(LongArray.newBuilder().addAllData(list(rows, value)))
                .build();
    }

    private static ScalarField strings(int rows, IntFunction<String> value) {
        return ScalarField.newBuilder()
                .setStringData(StringArray.newBuilder().addAllData(list(rows, value)))
                .build();
    }

    private static ScalarField json(int rows, IntFunction<String> value) {
        return ScalarField.newBuilder()
                .setJsonData(
                        JSONArray.newBuilder()
                                .addAllData(
                                        list(
                                                rows,
                                                row -> ByteString.copyFromUtf8(value.apply(row)))))
                .build();
    }

    private VectorField floatVectors(int dimension) {
        IntFunction<Float> value = i -> number(i, 17) / (float) Integer.MAX_VALUE;
        return VectorField.newBuilder()
                .setDim(dimension)
                .setFloatVector(FloatArray.newBuilder().addAllData(list(count * dimension, value)))
                .build();
    }

    private VectorField binaryVectors(int dimension) {
        byte[] bits = new byte[count * dimension / 8];
        new Random(firstKey + version).nextBytes(bits);
        return VectorField.newBuilder()
                .setDim(dimension)
                .setBinaryVector(ByteString.copyFrom(bits))
                .build();
    }

    private static int dimension(FieldSchema field) {
        return field.getTypeParamsList().stream()
                .filter(pair -> pair.getKey().equals("dim"))
                .map(KeyValuePair::getValue)
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
    }

    private static <T> List<T> list(int size, IntFunction<T> value) {
        return IntStream.range(0, size).mapToObj(value).toList();
    }
}
