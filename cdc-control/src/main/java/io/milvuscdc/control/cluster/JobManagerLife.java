// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.rest.FlinkAnswerException;
import io.milvuscdc.control.rest.FlinkRest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells since when a session cluster's JobManager is the one that it is. When one is lost,
 * TaskManagers go on with its jobs' tasks until its heartbeat has been missing for {@code
 * heartbeat.timeout}, and a task that is started anew before that would write beside them. So a
 * JobManager that is younger than that may have orphans. Safe for use by several threads.
 */
final class JobManagerLife {

    private static final Logger LOG = LoggerFactory.getLogger(JobManagerLife.class);

    private static final String SETTINGS = "/jobmanager/config";

    /** Each JobManager makes itself a new directory, and shows it. */
    private static final String IDENTITY = "web.tmpdir";

    /** For tasks to end in after they were told to. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final FlinkRest flink;
    private final LongSupplier nanos;
    private String identity = "";
    private long seenSince;
    private long nextLook;

    /**
     * Knows no JobManager yet.
     *
     * @param nanos a clock as {@link System#nanoTime}
     */
    JobManagerLife(FlinkRest flink, LongSupplier nanos) {
        this.flink = flink;
        this.nanos = nanos;
        this.nextLook = nanos.getAsLong();
    }

    /** Takes note of a new JobManager; to be called again and again, it doesn't ask each time. */
    void look() throws IOException, InterruptedException {
        if (isTimeToLook()) {
            mayHaveOrphans();
        }
    }

    private synchronized boolean isTimeToLook() {
        if (nanos.getAsLong() - nextLook < 0) {
            return false;
        }
        nextLook = nanos.getAsLong() + LOOK_AGAIN.toNanos();
        return true;
    }

    /**
     * Whether tasks of a JobManager before the present one may still run somewhere.
     *
     * @throws IOException the JobManager doesn't answer, or what answers isn't one
     */
    boolean mayHaveOrphans() throws IOException, InterruptedException {
        String found = "";
        Duration timeout = HeartbeatManagerOptions.HEARTBEAT_TIMEOUT.defaultValue();
        for (JsonNode setting : flink.get(SETTINGS)) {
            String key = setting.path("key").asText();
            if (key.equals(IDENTITY)) {
                found = setting.path("value").asText();
            } else if (key.equals(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT.key())) {
                timeout = TimeUtils.parseDuration(setting.path("value").asText());
            }
        }
        if (found.isEmpty()) {
            throw FlinkAnswerException.without(IDENTITY, "GET " + SETTINGS);
        }
        return isYounger(found, timeout.plus(MARGIN));
    }

    private synchronized boolean isYounger(String found, Duration age) {
        if (!found.equals(identity)) {
            LOG.info(
                    "Flink at {} has a JobManager that wasn't seen before: what the one before it"
                            + " ran may run on for up to {} s (its heartbeat.timeout and a little),"
                            + " and isn't started again before that",
                    flink.root(),
                    age.toSeconds());
            identity = found;
            seenSince = nanos.getAsLong();
        }
        return nanos.getAsLong() - seenSince < age.toNanos();
    }
}
