// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.options.GetOption;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.e2e.queue.QueueReader;
import io.milvuscdc.e2e.servers.MilvusPair;
import io.milvuscdc.e2e.servers.ProcessStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the control plane holds at a moment, to see whether it grows. */
record Footprint(Map<Part, Long> amounts) {

    /** Where jobs note in the source's etcd which target they feed (docs/architecture.md). */
    private static final String FEEDING = "milvus-cdc/feeding/";

    /** What is looked at. */
    enum Part {
        /** Memory of the process. */
        RESIDENT("MB resident", 40),
        /** Of it, what is in use on the heap after a collection of garbage. */
        HEAP("MB heap in use", 10),
        THREADS("threads", 6),
        /** That the process holds open, connections included. */
        FILES("open files", 20),
        /** Of checkpoints and savepoints. */
        STORED("files of checkpoints", 20),
        /** Below the root of the task store, and notes of who feeds a target. */
        KEYS("etcd keys", 0),
        /** Of all brokers. */
        TOPICS("topics", 0);

        private final String words;
        private final long noise;

        Part(String words, long noise) {
            this.words = words;
            this.noise = noise;
        }

        String words() {
            return words;
        }

        /** By how much it goes up and down without growing. */
        long noise() {
            return noise;
        }
    }

    /** Takes it, with a collection of garbage in the control plane. */
    static Footprint of(FaultedReplication replication) throws Exception {
        long pid = replication.plane().process().pid();
        ProcessStatus process = new ProcessStatus(pid);
        Map<Part, Long> amounts = new LinkedHashMap<>();
        amounts.put(Part.RESIDENT, process.residentBytes() >> 20);
        amounts.put(Part.HEAP, heapInUse(pid) >> 20);
        amounts.put(Part.THREADS, process.threads());
        amounts.put(Part.FILES, entries(process.directory().resolve("fd")));
        amounts.put(Part.STORED, stored(replication.data()));
        amounts.put(Part.KEYS, keys(replication.pair().etcd().endpoint()));
        amounts.put(Part.TOPICS, topics(replication.pair()));
        return new Footprint(amounts);
    }

    /** Bytes; the JDK's own tool collects garbage before it counts. */
    private static long heapInUse(long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process =
                new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines()
                .filter(line -> line.startsWith("Total"))
                .map(line -> Long.parseLong(line.trim().split(" +", -1)[2]))
                .findFirst()
                .orElseThrow(() -> new IOException(jcmd + " says: " + said));
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    private static long stored(Path data) throws IOException {
        long files = 0;
        for (String part : new String[] {"checkpoints", "savepoints"}) {
            files += filesBelow(data.resolve(part));
        }
        return files;
    }

    /** Flink removes files while they are counted. */
    private static long filesBelow(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory) ? 1 : 0;
        }
        long files = 0;
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                files += filesBelow(path);
            }
        } catch (NoSuchFileException e) {
            return files;
        }
        return files;
    }

    private static long keys(String etcd) throws Exception {
        try (Client client = Client.builder().endpoints("http://" + etcd).build();
                KV keys = client.getKVClient()) {
            return keysBelow(keys, FaultedReplication.STORE + "/") + keysBelow(keys, FEEDING);
        }
    }

    private static long keysBelow(KV keys, String prefix) throws Exception {
        GetOption count = GetOption.builder().isPrefix(true).withCountOnly(true).build();
        return keys.get(ByteSequence.from(prefix, StandardCharsets.UTF_8), count)
                .get(1, TimeUnit.MINUTES)
                .getCount();
    }

    private static long topics(MilvusPair pair) {
        long topics = 0;
        // a source on Kafka has the target's
        Set<MessageQueue> queues =
                new HashSet<>(List.of(pair.kafka().queue(), pair.broker().queue()));
        for (MessageQueue queue : queues) {
            try (QueueReader reader = QueueReader.of(queue)) {
                topics += reader.topics().size();
            }
        }
        return topics;
    }

    @Override
    public String toString() {
        return amounts.entrySet().stream()
                .map(part -> part.getValue() + " " + part.getKey().words())
                .collect(Collectors.joining(", "));
    }
}
