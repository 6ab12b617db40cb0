// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.milvuscdc.connectors.catalogue.Conditions;
import io.milvuscdc.connectors.catalogue.CuttableProxy;
import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.catalogue.EtcdProcess;
import io.milvuscdc.connectors.failure.FeedingRefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The right to feed a target in a real etcd, with notes that last 2 s. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FeedLeaseITCase {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final FeedTarget TARGET = new FeedTarget("milvus:19530");
    private static final FeedClaim.Timing QUICK =
            new FeedClaim.Timing(
                    Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(5));

    private EtcdProcess etcd;
    private int roots;
    private String root;

    @BeforeAll
    void startEtcd(@TempDir Path directory) throws Exception {
        etcd = new EtcdProcess(directory);
    }

    @AfterAll
    void stopEtcd() throws Exception {
        etcd.close();
    }

    @BeforeEach
    void useAFreshMetaRoot() {
        root = "test-" + roots++ + "/meta";
    }

    @Test
    void aSecondJobIsRefusedAndTheFirstGoesOn() throws Exception {
        try (FeedLease first = lease(etcd.endpoint(), "job-1", "writer-0");
                FeedLease committer = lease(etcd.endpoint(), "job-1", "committer-0");
                FeedLease second = lease(etcd.endpoint(), "job-2", "writer-0")) {
            first.await(BOUND);
            committer.await(BOUND);
            assertThatThrownBy(() -> second.await(BOUND))
                    .isInstanceOf(FeedingRefusedException.class)
                    .hasMessageContaining("task t by flink run (Flink job job-1, writer-0) on ");
            assertThat(first.isHeld()).isTrue();
            assertThat(notes())
                    .containsOnlyKeys("job-job-1/committer-0", "job-job-1/writer-0")
                    .allSatisfy((key, value) -> assertThat(value).contains(", since 20"));
        }
    }

    @Test
    void theNextJobGoesOnAtOnceAfterOneThatWasClosed() throws Exception {
        try (FeedLease first = lease(etcd.endpoint(), "job-1", "writer-0")) {
            first.await(BOUND);
        }
        assertThat(notes()).isEmpty();
        try (FeedLease next = lease(etcd.endpoint(), "job-2", "writer-0")) {
            next.await(QUICK.ttl());
        }
    }

    @Test
    void theNextJobGoesOnWhenWhatAKilledOneLeftHasVanished() throws Exception {
        Feeder killed = feeder("job-1", "writer-0");
        try (FeedBoard board = new EtcdFeedBoard(config(etcd.endpoint()), TARGET, killed);
                FeedLease next = lease(etcd.endpoint(), "job-2", "writer-0")) {
            board.put(board.grant(QUICK.ttl()));
            assertThat(next.isHeld()).isFalse();
            next.await(BOUND);
            assertThat(notes()).containsOnlyKeys("job-job-2/writer-0");
        }
    }

    @Test
    void aNoteThatSomebodyHasRemovedIsPutUpAgain() throws Exception {
        try (FeedLease lease = lease(etcd.endpoint(), "job-1", "writer-0")) {
            lease.await(BOUND);
            etcd.client()
                    .getKVClient()
                    .delete(prefix(), DeleteOption.builder().isPrefix(true).build())
                    .get(10, TimeUnit.SECONDS);
            Conditions.await(BOUND, "the note is there again", () -> !notes().isEmpty());
            Conditions.await(BOUND, "it's held again", lease::isHeld);
        }
    }

    @Test
    void whoIsCutOffStopsBeforeAnotherOneBeginsAndIsRefusedWhenItIsBack() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(etcd.endpoint());
                FeedLease cutOff = lease(proxy.endpoint(), "job-1", "writer-0");
                FeedLease next = lease(etcd.endpoint(), "job-2", "writer-0")) {
            cutOff.await(BOUND);
            assertThat(next.isHeld()).isFalse();
            proxy.cut();
            next.await(BOUND);
            assertThat(cutOff.isHeld()).isFalse();
            proxy.mend();
            assertThatThrownBy(() -> cutOff.await(BOUND))
                    .isInstanceOf(FeedingRefusedException.class)
                    .hasMessageContaining("job-2");
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void whoIsCutOffGoesOnWhenNobodyHasCome() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(etcd.endpoint());
                FeedLease lease = lease(proxy.endpoint(), "job-1", "writer-0")) {
            lease.await(BOUND);
            proxy.cut();
            Conditions.await(BOUND, "the note has lapsed", () -> notes().isEmpty());
            assertThat(lease.isHeld()).isFalse();
            CompletableFuture<Void> held = lease.held();
            assertThat(held).isNotDone();
            proxy.mend();
            held.get(BOUND.toSeconds(), TimeUnit.SECONDS);
            assertThat(notes()).containsOnlyKeys("job-job-1/writer-0");
        }
    }

    @Test
    void anEtcdThatIsStartedAgainIsNoReasonToStopFor() throws Exception {
        try (FeedLease lease = lease(etcd.endpoint(), "job-1", "writer-0")) {
            lease.await(BOUND);
            etcd.kill();
            etcd.start();
            lease.await(BOUND);
            assertThat(notes()).containsOnlyKeys("job-job-1/writer-0");
        }
    }

    private FeedLease lease(String endpoint, String job, String member) {
        Feeder feeder = feeder(job, member);
        FeedBoard board = new EtcdFeedBoard(config(endpoint), TARGET, feeder);
        return new ThreadedFeedLease(
                new FeedClaim(board, TARGET, feeder, QUICK, System::nanoTime), feeder);
    }

    private static Feeder feeder(String job, String member) {
        return new Feeder("t", "", job, member);
    }

    private EtcdConfig config(String endpoint) {
        return new EtcdConfig(List.of(endpoint), root, "", "");
    }

    private ByteSequence prefix() {
        return ByteSequence.from("milvus-cdc/feeding/" + root + "/milvus:19530/", UTF_8);
    }

    /** By owner and member. */
    private Map<String, String> notes() throws Exception {
        Map<String, String> notes = new TreeMap<>();
        for (KeyValue kv :
                etcd.client()
                        .getKVClient()
                        .get(prefix(), GetOption.builder().isPrefix(true).build())
                        .get(10, TimeUnit.SECONDS)
                        .getKvs()) {
            notes.put(
                    kv.getKey().toString(UTF_8).substring(prefix().toString(UTF_8).length()),
                    kv.getValue().toString(UTF_8));
        }
        return notes;
    }
}
