// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.plane;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.connectors.catalogue.ObjectState;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.target.TargetClient;
import io.milvuscdc.connectors.target.TargetConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A collection at the target that is nobody's copy, is older than the source's collection of its
 * name, and so is in the way of that one's copy.
 */
final class TakenName implements AutoCloseable {

    private static final String DATABASE = "default";
    private static final int FIRST_FIELD = 100;

    private final TargetClient target;
    private final String name;

    private TakenName(TargetClient target, String name) {
        this.target = target;
        this.name = name;
    }

    static TakenName of(String targetUri, String name, CollectionSchema schema) {
        CollectionSchema.Builder numbered = schema.toBuilder().setName(name);
        for (int i = 0; i < numbered.getFieldsCount(); i++) {
            numbered.getFieldsBuilder(i).setFieldID(FIRST_FIELD + i);
        }
        TargetClient target =
                new TargetClient(TargetConfig.of(targetUri, "", Duration.ofSeconds(10)));
        target.createCollection(
                new SourceCollection(
                        1,
                        DATABASE,
                        name,
                        Tso.of(System.currentTimeMillis(), 0),
                        ObjectState.CREATED,
                        numbered.build(),
                        1,
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty()));
        return new TakenName(target, name);
    }

    /** Takes it out of the way. */
    void free() {
        target.dropCollection(DATABASE, name, Tso.of(System.currentTimeMillis(), 0));
    }

    @Override
    public void close() {
        target.close();
    }
}
