// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MessageDecoder;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.e2e.compare.MilvusReader.CollectionName;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.workload.WireMessages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CollectionNamesTest {

    private static final CollectionName ONE = new CollectionName("default", "one");
    private static final CollectionName OTHER = new CollectionName("default", "other");

    @Test
    void acceptsTheCollectionOfThatNameWhateverItsId() {
        assertThat(
                        CollectionNames.compare(
                                side("source-dml_0", 700, ONE), side("target-dml_0", 900, ONE)))
                .isEmpty();
    }

    @Test
    void findsAMessageInAnotherCollection() {
        assertThat(
                        CollectionNames.compare(
                                side("source-dml_0", 700, ONE), side("target-dml_0", 900, OTHER)))
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.fault()).isEqualTo(Fault.WRONG_COLLECTION);
                            assertThat(found.what())
                                    .endsWith("is in collection default.other, not default.one");
                        });
    }

    private static QueueSide side(String topic, long id, CollectionName name) {
        WireMessages rows = new WireMessages(topic + "_" + id + "v0", id, "c", 7, 8);
        QueuedMessage message =
                QueuedMessage.of(
                        MessageDecoder.decode(
                                topic,
                                MqPosition.ofKafkaOffset(0),
                                rows.insert(1, 10, rows.columns(0, 2), 2)),
                        0);
        return new QueueSide(
                Map.of(id, name), Map.of(7L, "_default"), Map.of(topic, List.of(message)));
    }
}
