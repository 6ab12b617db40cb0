// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.testutils.Configs;
import io.milvuscdc.control.testutils.KnownPositions;
import java.nio.file.Path;
import java.util.List;

/** An API whose targets are all well and whose tasks all begin at the beginning. */
final class ApiFixture {

    /** Nobody reconciles. */
    static final Reconciliation IDLE =
            new Reconciliation() {
                @Override
                public void wake() {}

                @Override
                public void settle(String taskId) {}
            };

    private ApiFixture() {}

    static ControlConfig config(int maxTaskNum) {
        return Configs.below(Path.of("unused"), maxTaskNum);
    }

    static CdcApi api(TaskStore store, ControlConfig config, Reconciliation reconciliation) {
        return new CdcApi(
                store,
                config,
                (target, scope) -> List.of(),
                (taskId, request) -> StartPoint.BEGINNING,
                new KnownPositions(),
                (task, place) -> Path.of(place),
                reconciliation,
                RequestObserver.NONE);
    }
}
