// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.record;

import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs every kind of change on a real Milvus and records what it wrote: {@code WireRecorder
 * RESOURCES}, where RESOURCES is the directory that gets {@code wire/}, {@code etcd/} and {@code
 * RECORDED.md}.
 */
public final class WireRecorder {

    private WireRecorder() {}

    public static void main(String[] args) throws IOException {
        Path resources = Path.of(args[0]);
        Path wire = resources.resolve("wire").resolve("milvus-2.3.5-kafka.bin");
        Path meta = resources.resolve("etcd").resolve("milvus-2.3.5.bin");
        Files.createDirectories(wire.getParent());
        Files.createDirectories(meta.getParent());
        try (MilvusPair pair =
                MilvusPair.start(ServerCache.fetch(), ServerDirectory.of("recorder"))) {
            List<String> done;
            try (MilvusSession session = MilvusSession.open(pair.source().uri())) {
                done = new RecordedWorkload(session).run();
            }
            Map<String, Integer> topics =
                    KafkaRecording.write(
                            pair.kafka().bootstrapServers(), pair.source().options().name(), wire);
            List<String> keys =
                    EtcdRecording.write(pair.etcd().endpoint(), pair.source().metaRoot(), meta);
            Files.writeString(resources.resolve("RECORDED.md"), readme(done, topics, keys));
        }
    }

    private static String readme(
            List<String> done, Map<String, Integer> topics, List<String> keys) {
        StringBuilder text = new StringBuilder(HEAD);
        done.forEach(step -> text.append("1. ").append(step).append('\n'));
        text.append("\n## Messages by topic\n\n");
        topics.forEach((topic, count) -> text.append("* " + topic + ": " + count + '\n'));
        text.append("\n## Keys in etcd\n\n");
        keys.forEach(key -> text.append("* ").append(key).append('\n'));
        return text.toString();
    }

    private static final String HEAD =
            """
            # Recorded from a real Milvus 2.3.5 (cluster and etcd root `source`, Kafka)

            Written by `io.milvuscdc.e2e.record.WireRecorder`; numbers are big-endian.

            * `wire/milvus-2.3.5-kafka.bin`: per message `int` length and topic, `long` offset,
              `int` length and payload. All messages of each topic in offset order, but of the
              time ticks only those right after another message, ten per topic at most.
            * `etcd/milvus-2.3.5.bin`: per key `int` length and key, `int` length and value,
              `long` modification revision; read after the last step.

            ## What was done, in this order

            Rows are those of `SampleRows`.

            """;
}
