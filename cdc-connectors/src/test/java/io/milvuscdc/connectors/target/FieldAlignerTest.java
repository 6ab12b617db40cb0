// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.KeyValuePair;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FieldAlignerTest {

    private final TargetFixture fixture = new TargetFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void raisesTheLengthOfATextField() {
        fixture.milvus.knowYoungerCalls();
        fixture.replicate(texts(100));

        assertThat(fixture.replicate(texts(200)).applied())
                .containsExactly("set [max_length] of field t of default.c (source collection 1)");
        assertThat(params()).containsExactly(SourceDouble.pair("max_length", "200"));
        assertThat(fixture.reconcile(1L).applied()).isEmpty();
    }

    @Test
    void leavesItToATargetThatCannotAndAsksOnlyOnce() {
        fixture.replicate(texts(100));

        assertThat(fixture.replicate(texts(200)).pending()).isEmpty();
        assertThat(params()).containsExactly(SourceDouble.pair("max_length", "100"));

        fixture.milvus.knowYoungerCalls();
        assertThat(fixture.reconcile(1L).applied()).isEmpty();
    }

    @Test
    void leavesWhatTheTargetRefusesAsSuch() {
        fixture.milvus.knowYoungerCalls();
        fixture.replicate(texts(100));
        fixture.milvus.refuse("AlterCollectionField", 1100, "does not allow update");

        assertThat(fixture.replicate(texts(200)).pending()).isEmpty();
        fixture.milvus.forgetChanges();
        fixture.reconcile(1L);
        assertThat(fixture.milvus.changes()).isEmpty();
    }

    private List<KeyValuePair> params() {
        return fixture.copy("c").schema().getFieldsList().stream()
                .filter(f -> f.getName().equals("t"))
                .flatMap(f -> f.getTypeParamsList().stream())
                .toList();
    }

    private static SourceCollection texts(int maxLength) {
        return SourceDouble.collection(1, "c", 100)
                .fields(
                        SourceDouble.key(),
                        SourceDouble.vector(4),
                        FieldSchema.newBuilder()
                                .setFieldID(102)
                                .setName("t")
                                .setDataType(DataType.VarChar)
                                .addTypeParams(
                                        SourceDouble.pair(
                                                "max_length", Integer.toString(maxLength)))
                                .build())
                .build();
    }
}
