// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.rest.FlinkAnswerException;
import io.milvuscdc.control.rest.FlinkRest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job's jar in a session cluster. It carries its content's hash in its name, so that any
 * control plane finds what it or another one has uploaded before, and never another build. Safe for
 * use by several threads.
 */
final class JobJar {

    private static final Logger LOG = LoggerFactory.getLogger(JobJar.class);
    private static final int NOT_FOUND = 404;

    private final FlinkRest flink;
    private final Path file;
    private final String name;
    private final ReentrantLock uploading = new ReentrantLock();

    private JobJar(FlinkRest flink, Path file, String name) {
        this.flink = flink;
        this.file = file;
        this.name = name;
    }

    /**
     * The jar as it is now; it must not be changed from then on.
     *
     * @throws IOException it can't be read
     */
    static JobJar of(FlinkRest flink, Path file) throws IOException {
        return new JobJar(flink, file, "milvus-cdc-job-" + hash(file) + ".jar");
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The id of the jar in the cluster, which gets it if it hasn't got it (any more). */
    String id() throws IOException, InterruptedException, ClusterException {
        uploading.lockInterruptibly();
        try {
            String known = find();
            if (!known.isEmpty()) {
                return known;
            }
            flink.uploadJar("/jars/upload", file, name);
            LOG.info("The job's jar {} is uploaded to Flink at {}", name, flink.root());
            String id = find();
            if (id.isEmpty()) {
                throw new IOException("Flink doesn't list the jar that it has just taken");
            }
            return id;
        } finally {
            uploading.unlock();
        }
    }

    private String find() throws IOException, InterruptedException, ClusterException {
        try {
            for (JsonNode jar : flink.get("/jars").path("files")) {
                if (jar.path("name").asText().equals(name)) {
                    return jar.path("id").asText();
                }
            }
            return "";
        } catch (FlinkAnswerException e) {
            if (e.status() == NOT_FOUND && e.isFlinks()) {
                throw new ClusterException(
                        "Flink at "
                                + flink.root()
                                + " takes no jars: set web.submit.enable: true in its config.yaml",
                        e);
            }
            throw e;
        }
    }
}
