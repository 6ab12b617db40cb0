// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.MsgBase;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.servers.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a source's channels should not hold, or should hold and don't: the user is told where, and
 * nothing is passed over in silence. Every test has a task of its own that starts behind what the
 * others did.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputITCase {

    /** A pchannel of the source by its name; Milvus itself never reads or writes it. */
    private static final String UNUSED_PCHANNEL = "source-rootcoord-dml_99";

    private static final Duration SEEN = Await.PATIENCE;

    private final InMemoryReporter metrics = InMemoryReporter.create();
    private ReplicatedPair replicated;

    @BeforeAll
    void startServers() throws Exception {
        replicated =
                ReplicatedPair.start("bad-input", metrics.addToConfiguration(new Configuration()));
    }

    @AfterAll
    void stop() throws Exception {
        if (replicated != null) {
            replicated.close();
        }
    }

    @Test
    void messagesOfAnUnknownTypeAreCountedAndLoggedOnceAndReplicationGoesOn() throws Exception {
        SourceDatabase db = replicated.source().createDatabase("unknown_type");
        SourceCollection rows = db.create("rows", Schemas.plain()).index().load();
        replicated.startTask(true);
        try (LogLines log = LogLines.of("io.milvuscdc.connectors.sink")) {
            byte[] unknown =
                    FlushRequest.newBuilder()
                            .setBase(MsgBase.newBuilder().setMsgTypeValue(9999).setMsgID(1))
                            .build()
                            .toByteArray();
            produce(unknown);
            produce(unknown);
            Await.until("both to be counted", SEEN, () -> unknownMessages() == 2);
            rows.insert(SampleRows.of(0, 20));
            replicated.awaitEqual(db);

            assertThat(log.lines()).filteredOn(line -> line.contains("9999")).hasSize(1);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("9999"))
                    .allMatch(line -> line.contains(UNUSED_PCHANNEL));
        } finally {
            replicated.replication().cancel();
            db.dropWithCollections();
        }
    }

    private long unknownMessages() {
        return metrics
                .findMetrics(replicated.replication().job(), "unknownMessages")
                .values()
                .stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    @Test
    void messageThatCannotBeDecodedEndsTheJobWithItsChannelAndOffset() throws Exception {
        produce("Not a message of Milvus".getBytes(StandardCharsets.UTF_8));
        replicated.startTask(false);
        long offset = produce("Neither is this".getBytes(StandardCharsets.UTF_8));

        assertThat(failure())
                .contains("'" + UNUSED_PCHANNEL + "', offset " + offset)
                .contains("Nothing after it is replicated")
                // ended at the first attempt
                .contains("not recoverable");
    }

    @Test
    void positionThatTheBrokerNoLongerHasEndsTheJobInsteadOfBeingSkipped() throws Exception {
        SourceDatabase db = replicated.source().createDatabase("retention");
        SourceCollection rows = db.create("rows", Schemas.plain()).index().load();
        replicated.startTask(true);
        rows.insert(SampleRows.of(0, 20));
        replicated.awaitEqual(db);
        String savepoint = replicated.replication().stop();
        rows.insert(SampleRows.of(20, 20));
        Map<String, Long> deleted = deleteAllRecords();

        replicated.resume(savepoint);

        String failure = failure();
        assertThat(failure)
                .contains("no longer has the position")
                .containsPattern("source-rootcoord-dml_[0-9]+ offset [0-9]+")
                .contains("Delete the task")
                .contains("not recoverable");
        assertThat(deleted.keySet()).anyMatch(failure::contains);
        try (MilvusReader target = MilvusReader.ofTarget(replicated.servers().target().uri())) {
            assertThat(target.collection("retention", "rows", false).count()).contains(20L);
        } finally {
            db.dropWithCollections();
        }
    }

    private String failure() {
        Await.until("the job to fail", SEEN, () -> replicated.replication().failure().isPresent());
        return replicated.replication().failure().orElseThrow();
    }

    private long produce(byte[] message) throws ExecutionException, InterruptedException {
        Properties properties = new Properties();
        properties.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                replicated.servers().kafka().bootstrapServers());
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(UNUSED_PCHANNEL, message)).get().offset();
        }
    }

    /** Empties the pchannels that have a live collection and returns from which offset on. */
    private Map<String, Long> deleteAllRecords() throws Exception {
        Properties properties = new Properties();
        properties.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                replicated.servers().kafka().bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            Set<String> topics = admin.listTopics().names().get();
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            topics.stream()
                    .filter(replicated.channels()::isPchannel)
                    .forEach(
                            topic -> latest.put(new TopicPartition(topic, 0), OffsetSpec.latest()));
            Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
            Map<String, Long> ends = new HashMap<>();
            admin.listOffsets(latest)
                    .all()
                    .get()
                    .forEach(
                            (topic, end) -> {
                                records.put(topic, RecordsToDelete.beforeOffset(end.offset()));
                                ends.put(topic.topic(), end.offset());
                            });
            admin.deleteRecords(records).all().get();
            return ends;
        }
    }
}
