// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory with the servers' files, filled by {@code deploy/lib/fetch-servers.sh}.
 *
 * @param directory as that script lays it out
 */
public record ServerCache(Path directory) {

    private static final Path SCRIPT = Path.of("deploy", "lib", "fetch-servers.sh");

    /**
     * Runs the script, which returns at once when everything is there already. Its progress goes to
     * this process' stderr. Any number of threads and processes may call this at the same time.
     *
     * @throws ServerException when something can't be had; the script has said why
     */
    public static ServerCache fetch() {
        return fetch(List.of());
    }

    /** As {@link #fetch()}, and a MariaDB with them. */
    public static ServerCache fetchWithMariadb() {
        return fetch(List.of("mariadb"));
    }

    /** As {@link #fetch()}, and a Flink with them. */
    public static ServerCache fetchWithFlink() {
        return fetch(List.of("flink"));
    }

    /** As {@link #fetch()}, and a Pulsar of this version with them. */
    public static ServerCache fetchWithPulsar(String version) {
        return fetch(List.of("pulsar-" + version));
    }

    /** As {@link #fetch()}, and what a source needs that writes to this queue. */
    public static ServerCache fetchFor(SourceQueue queue) {
        return queue.pulsar()
                .map(options -> fetchWithPulsar(options.version()))
                .orElseGet(ServerCache::fetch);
    }

    /** As {@link #fetchFor(SourceQueue)}, and a Flink with them if asked for. */
    public static ServerCache fetchFor(SourceQueue queue, boolean flink) {
        if (flink) {
            fetchWithFlink();
        }
        return fetchFor(queue);
    }

    private static ServerCache fetch(List<String> more) {
        Path script = ProjectFiles.find(SCRIPT);
        try {
            List<String> command = new ArrayList<>(List.of(script.toString()));
            command.addAll(more);
            Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            String out;
            try (InputStream stdout = process.getInputStream()) {
                out = new String(stdout.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
            if (process.waitFor() != 0) {
                throw new ServerException(script + " failed, see its messages above");
            }
            return new ServerCache(Path.of(out));
        } catch (IOException e) {
            throw new ServerException("cannot run " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while fetching the servers", e);
        }
    }

    Path etcd() {
        return directory.resolve("etcd-3.5.1").resolve("etcd");
    }

    Path kafkaJars() {
        return directory.resolve("kafka-3.9.1");
    }

    Path pulsarJars(String version) {
        return directory.resolve("pulsar-" + version);
    }

    Path flinkJars() {
        return directory.resolve("flink-1.20.5");
    }

    Path mariadb() {
        return directory.resolve("mariadb-10.11.5");
    }

    Path milvus() {
        return directory.resolve("milvus-2.3.5");
    }
}
