// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SchemaComparisonTest {

    @Test
    void findsNoDifferenceInTheSameSchema() {
        assertThat(SchemaComparison.difference(source(vector(4)), target(1, vector(4)))).isEmpty();
    }

    @Test
    void namesTheFieldWhoseDimensionDiffers() {
        assertThat(SchemaComparison.difference(source(vector(4)), target(1, vector(8))))
                .contains("dim of field v: 4 at the source, 8 at the target");
    }

    @Test
    void namesTheNumberOfShards() {
        assertThat(SchemaComparison.difference(source(vector(4)), target(2, vector(4))))
                .contains("number of shards: 1 at the source, 2 at the target");
    }

    @Test
    void namesTheFieldsWhenOneIsMissing() {
        assertThat(SchemaComparison.difference(source(vector(4)), target(1)))
                .contains("fields: [pk, v] at the source, [pk] at the target");
    }

    @Test
    void takesALimitThatTheSourceHasRaisedForNoDifference() {
        assertThat(SchemaComparison.difference(source(text(200)), target(1, text(100)))).isEmpty();
    }

    @Test
    void namesBothNumbersOfPartitionsThatAPartitionKeyHas() {
        assertThat(SchemaComparison.difference(keyed(64), keyedTarget(64))).isEmpty();
        assertThat(SchemaComparison.difference(keyed(64), keyedTarget(16)))
                .contains(
                        "number of partitions by the partition key: 64 at the source, 16 at the"
                                + " target (made with num_partitions = 64 it would fit)");
        assertThat(SchemaComparison.difference(keyed(16), keyedTarget(64))).isPresent();
    }

    @Test
    void takesANumberOfPartitionsThatNobodyTellsForNoDifference() {
        assertThat(SchemaComparison.difference(keyed(0), keyedTarget(16))).isEmpty();
        assertThat(SchemaComparison.difference(keyed(16), keyedTarget(0))).isEmpty();
    }

    @Test
    void takesAnotherNumberOfPartitionsThatUsersMadeForNoDifference() {
        assertThat(SchemaComparison.difference(source(vector(4)), target(1, 7, vector(4))))
                .isEmpty();
    }

    private static SourceCollection keyed(int partitions) {
        return SourceDouble.collection(1, "c", 1)
                .fields(withKey(SourceDouble.partitionKey()))
                .partitionsOfKey(partitions)
                .build();
    }

    private static TargetCollection keyedTarget(int partitions) {
        return target(1, partitions, SourceDouble.partitionKey());
    }

    private static FieldSchema text(int maxLength) {
        return FieldSchema.newBuilder()
                .setFieldID(102)
                .setName("t")
                .setDataType(DataType.VarChar)
                .addTypeParams(SourceDouble.pair("max_length", Integer.toString(maxLength)))
                .build();
    }

    private static FieldSchema vector(int dim) {
        return SourceDouble.vector(dim);
    }

    private static SourceCollection source(FieldSchema... others) {
        return SourceDouble.collection(1, "c", 1).fields(withKey(others)).build();
    }

    private static TargetCollection target(int shards, FieldSchema... others) {
        return target(shards, 1, others);
    }

    private static TargetCollection target(int shards, int partitions, FieldSchema... others) {
        return new TargetCollection(
                1,
                "default",
                "c",
                2,
                CollectionSchema.newBuilder().addAllFields(List.of(withKey(others))).build(),
                List.of(),
                List.of(),
                shards,
                partitions,
                ConsistencyLevel.Bounded,
                List.of(),
                List.of());
    }

    private static FieldSchema[] withKey(FieldSchema... others) {
        FieldSchema[] fields = new FieldSchema[others.length + 1];
        fields[0] = SourceDouble.key();
        System.arraycopy(others, 0, fields, 1, others.length);
        return fields;
    }
}
