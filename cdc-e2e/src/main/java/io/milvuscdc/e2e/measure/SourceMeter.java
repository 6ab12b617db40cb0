// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.KafkaServer;
import io.milvuscdc.e2e.servers.PulsarServer;
import io.milvuscdc.e2e.servers.ServerCache;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Compares the sources for Kafka and Pulsar: how fast each reads messages of 1 KiB that are there
 * already, and how long one message takes at rest; and Pulsar's with Pulsar's own reader, which is
 * all that the broker gives. Like Milvus, nobody batches on Pulsar.
 */
public final class SourceMeter {

    private static final String CLUSTER = "by-dev";

    private SourceMeter() {}

    /**
     * Starts both brokers, measures them in turn, and prints a line each time.
     *
     * @param args messages (300000), rounds (3)
     */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Path directory = ServerDirectory.of("source-meter");
        ServerCache cache = ServerCache.fetchWithPulsar(PulsarServer.Options.USUAL);
        FreePorts ports = new FreePorts();
        try (KafkaServer kafka = KafkaServer.start(cache, ports, directory.resolve("kafka"));
                PulsarServer pulsar =
                        PulsarServer.start(
                                cache,
                                ports,
                                directory.resolve("pulsar"),
                                PulsarServer.Options.usual());
                QueueWriter toKafka = QueueWriter.kafka(kafka.bootstrapServers(), topic(0));
                QueueWriter toPulsar = QueueWriter.pulsar(pulsar.serviceUrl(), topic(0))) {
            List<MeteredSource> sources =
                    List.of(
                            new MeteredSource(
                                    "Kafka",
                                    channels(new KafkaQueue(kafka.bootstrapServers(), Map.of())),
                                    toKafka),
                            new MeteredSource(
                                    "Pulsar",
                                    channels(PulsarQueue.of(pulsar.serviceUrl())),
                                    toPulsar));
            for (MeteredSource source : sources) {
                source.writer().write(count);
            }
            for (int round = 1; round <= rounds; round++) {
                double[] perSecond = new double[sources.size()];
                for (int i = 0; i < perSecond.length; i++) {
                    perSecond[i] = sources.get(i).catchUp(count);
                    System.out.printf(
                            "round %d, %s: %.0f messages/s%n",
                            round, sources.get(i).name(), perSecond[i]);
                }
                double ceiling = PlainPulsarReader.catchUp(pulsar.serviceUrl(), topic(0), count);
                System.out.printf(
                        "round %d, Pulsar's own reader: %.0f messages/s%n", round, ceiling);
                System.out.printf(
                        "round %d: the source for Pulsar reads %.2f of what Pulsar's reader does,"
                                + " %.2f of what the source for Kafka does%n",
                        round, perSecond[1] / ceiling, perSecond[1] / perSecond[0]);
            }
            for (MeteredSource source : sources) {
                System.out.println(source.name() + " at rest: " + source.atRest(count));
            }
        }
    }

    private static SourceChannels channels(MessageQueue queue) {
        return new SourceChannels(queue, CLUSTER + "-rootcoord-dml", CLUSTER + "-replicate-msg");
    }

    private static String topic(int number) {
        return CLUSTER + "-rootcoord-dml_" + number;
    }
}
