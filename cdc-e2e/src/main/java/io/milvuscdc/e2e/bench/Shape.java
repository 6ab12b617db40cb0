// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is written in a measurement: collections with an Int64 key and a float vector.
 *
 * @param dim floats of a vector
 */
record Shape(int dim, int shards, int collections) {

    /** What the published figures of other tools were taken with. */
    static final Shape USUAL = new Shape(128, 2, 1);

    CollectionSchema schema() {
        return SampleSchemas.small(dim);
    }

    /** Names for its collections, which begin so. */
    List<String> names(String prefix) {
        return IntStream.range(0, collections).mapToObj(i -> prefix + "_" + i).toList();
    }

    /** How many rows have vectors of so many bytes. */
    int rowsOf(long bytes) {
        return (int) Math.max(1, bytes / ((long) dim * Float.BYTES));
    }

    @Override
    public String toString() {
        return "%d floats, %d shard%s, %d collection%s"
                .formatted(
                        dim,
                        shards,
                        shards == 1 ? "" : "s",
                        collections,
                        collections == 1 ? "" : "s");
    }
}
