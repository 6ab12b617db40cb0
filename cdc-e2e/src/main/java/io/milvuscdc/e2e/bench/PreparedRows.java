// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvus.grpc.FieldData;
import io.milvuscdc.e2e.workload.SampleRows;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Rows that are made once and inserted over and over, so that making them costs the measured
 * servers no CPU. There are more of them than a broker's compression can see at a time.
 *
 * @param batches columns of one insert each
 * @param size rows of a batch
 */
record PreparedRows(List<List<FieldData>> batches, int size) {

    private static final long BYTES = 16L << 20;

    static PreparedRows of(Shape shape, int size) {
        int batches = Math.max(1, shape.rowsOf(BYTES) / size);
        return new PreparedRows(
                LongStream.range(0, batches)
                        .mapToObj(i -> new SampleRows(shape.schema(), i * size, size, 0).columns())
                        .toList(),
                size);
    }

    List<FieldData> batch(long number) {
        return batches.get((int) (number % batches.size()));
    }
}
