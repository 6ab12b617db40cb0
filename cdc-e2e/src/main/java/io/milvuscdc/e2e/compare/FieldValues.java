// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import com.google.protobuf.ByteString;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.VectorField;
import java.util.List;

/** Single values out of Milvus' column-wise answers. */
final class FieldValues {

    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final long NULL = 1;

    private FieldValues() {}

    static int rows(FieldData keys) {
        ScalarField scalars = keys.getScalars();
        return scalars.hasLongData()
                ? scalars.getLongData().getDataCount()
                : scalars.getStringData().getDataCount();
    }

    static Comparable<?> key(FieldData keys, int row) {
        ScalarField scalars = keys.getScalars();
        return scalars.hasLongData()
                ? (Comparable<?>) scalars.getLongData().getData(row)
                : scalars.getStringData().getData(row);
    }

    static long digest(FieldData field, int row) {
        if (field.getValidDataCount() > row && !field.getValidData(row)) {
            return NULL;
        }
        return field.hasVectors()
                ? vector(field.getVectors(), row)
                : scalar(field.getScalars(), row);
    }

    private static long scalar(ScalarField data, int row) {
        return switch (data.getDataCase()) {
            case BOOL_DATA -> number(data.getBoolData().getData(row) ? 1 : 0);
            case INT_DATA -> number(data.getIntData().getData(row));
            case LONG_DATA -> number(data.getLongData().getData(row));
            case FLOAT_DATA -> number(Float.floatToRawIntBits(data.getFloatData().getData(row)));
            case DOUBLE_DATA ->
                    number(Double.doubleToRawLongBits(data.getDoubleData().getData(row)));
            case STRING_DATA -> bytes(data.getStringData().getDataBytes(row));
            case JSON_DATA -> bytes(data.getJsonData().getData(row));
            case ARRAY_DATA -> bytes(data.getArrayData().getData(row).toByteString());
            default -> throw unknown(data.getDataCase());
        };
    }

    private static long vector(VectorField data, int row) {
        int dim = Math.toIntExact(data.getDim());
        return switch (data.getDataCase()) {
            case FLOAT_VECTOR -> floats(data.getFloatVector().getDataList(), row * dim, dim);
            case BINARY_VECTOR -> slice(data.getBinaryVector(), row, dim / 8);
            case FLOAT16_VECTOR -> slice(data.getFloat16Vector(), row, dim * 2);
            case BFLOAT16_VECTOR -> slice(data.getBfloat16Vector(), row, dim * 2);
            case INT8_VECTOR -> slice(data.getInt8Vector(), row, dim);
            case SPARSE_FLOAT_VECTOR -> bytes(data.getSparseFloatVector().getContents(row));
            default -> throw unknown(data.getDataCase());
        };
    }

    private static IllegalStateException unknown(Enum<?> kind) {
        return new IllegalStateException("field data of an unknown kind, " + kind + ": teach it");
    }

    private static long number(long value) {
        return (OFFSET ^ value) * PRIME;
    }

    private static long floats(List<Float> values, int from, int count) {
        long hash = OFFSET;
        for (int i = from; i < from + count; i++) {
            hash = (hash ^ Float.floatToRawIntBits(values.get(i))) * PRIME;
        }
        return hash;
    }

    private static long slice(ByteString values, int row, int length) {
        return bytes(values.substring(row * length, (row + 1) * length));
    }

    private static long bytes(ByteString value) {
        long hash = OFFSET;
        for (int i = 0; i < value.size(); i++) {
            hash = (hash ^ (value.byteAt(i) & 0xff)) * PRIME;
        }
        return hash;
    }
}
