// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.config.SessionSettings;
import io.milvuscdc.control.task.JobRun;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.testutils.ScriptedFlinkRest;
import io.milvuscdc.control.testutils.Tasks;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobHomeTest {

    private static final String JOB = "0123456789abcdef0123456789abcdef";
    private static final Task TASK = Tasks.running("t1").with(JobRun.starting(JOB, ""));

    @TempDir private Path data;
    private ScriptedFlinkRest flink;

    @BeforeEach
    void start() throws Exception {
        flink = new ScriptedFlinkRest();
        move(session(flink.uri()), TASK);
        flink.status(JOB, "RUNNING");
    }

    @AfterEach
    void stop() {
        flink.close();
    }

    @Test
    void theSameClusterIsNoMove() {
        assertThatCode(() -> move(session(flink.uri()), TASK)).doesNotThrowAnyException();
    }

    @Test
    void aTaskThatRunsInTheClusterMustBePausedThere() {
        assertThatThrownBy(() -> move(Optional.empty(), TASK))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("task t1 still runs in the session cluster " + flink.uri());
        assertThatThrownBy(() -> move(session(URI.create("http://127.0.0.1:1")), TASK))
                .hasMessageContaining("pause all tasks");
        flink.status(JOB, "FINISHED");
        assertThatCode(() -> move(Optional.empty(), TASK)).doesNotThrowAnyException();
        flink.status(JOB, "RUNNING");
        assertThatCode(() -> move(Optional.empty(), TASK)).doesNotThrowAnyException();
    }

    @Test
    void aTaskWhoseJobHasEndedMayMove() {
        Task ended = TASK.with(TASK.run().orElseThrow().ended());
        assertThatCode(() -> move(Optional.empty(), ended)).doesNotThrowAnyException();
    }

    @Test
    void aClusterThatIsGoneMustBeSaidToBe() throws Exception {
        flink.close();
        assertThatThrownBy(() -> move(Optional.empty(), TASK))
                .hasMessageContaining("doesn't answer now")
                .hasMessageContaining(data.resolve("session-cluster.url").toString());
        Files.delete(data.resolve("session-cluster.url"));
        assertThatCode(() -> move(Optional.empty(), TASK)).doesNotThrowAnyException();
    }

    private void move(Optional<SessionSettings> to, Task task) throws Exception {
        new JobHome(data).moveTo(to, List.of(task));
    }

    private Optional<SessionSettings> session(URI address) {
        return Optional.of(new SessionSettings(address, TlsConfig.SYSTEM));
    }
}
