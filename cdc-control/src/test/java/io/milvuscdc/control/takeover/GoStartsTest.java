// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.control.store.RecordTaskStore;
import io.milvuscdc.control.store.TaskStores;
import io.milvuscdc.job.StartRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What's asked for to go on where the Go tool stopped, by what that one had stored. */
final class GoStartsTest {

    @TempDir private Path directory;

    @Test
    void everyCollectionMeansThoseOfTheDatabaseDefaultAsInTheGoTool() throws Exception {
        StartRequest request =
                request(
                        """
                        "CollectionInfos": [%s], "DBCollections": null,
                        "ExcludeCollections": ["default.other"]
                        """
                                .formatted(entry("*")));
        Selection selection = request.selection();
        assertThat(selection.covers("default", "c")).isTrue();
        assertThat(selection.covers("default", "other")).isFalse();
        assertThat(selection.covers("shop", "c")).isFalse();
        assertThat(selection.coversDatabase("shop")).isFalse();
        assertThat(request.fromCollectionStart())
                .containsExactly(new CollectionPattern("default", "*"));
    }

    @Test
    void everyCollectionOfEveryDatabaseStaysThat() throws Exception {
        assertThat(
                        request(
                                        """
                                        "DBCollections": {"*": [%s]}
                                        """
                                                .formatted(entry("*")))
                                .selection()
                                .coversEverything())
                .isTrue();
    }

    @Test
    void namedCollectionsStayThose() throws Exception {
        assertThat(
                        request(
                                        """
                                        "CollectionInfos": [%s]
                                        """
                                                .formatted(entry("c")))
                                .fromCollectionStart())
                .containsExactly(new CollectionPattern("default", "c"));
    }

    private static String entry(String name) {
        return "{\"name\": \"%s\", \"positions\": null, \"use_start_position\": false}"
                .formatted(name);
    }

    private StartRequest request(String selected) throws Exception {
        Files.writeString(
                directory.resolve("t1.json"),
                """
                {"TaskID": "t1", "State": 1, %s,
                 "MilvusConnectParam": {"host": "", "port": 0, "enable_tls": false,
                  "uri": "http://h:1", "dial_config": {}, "channel_num": 0,
                  "ignore_partition": false, "connect_timeout": 10}}
                """
                        .formatted(selected));
        try (RecordTaskStore store = TaskStores.inFiles(directory)) {
            return new GoStarts(MqMessageIds.KAFKA).of(store.goTasks().get(0));
        }
    }
}
