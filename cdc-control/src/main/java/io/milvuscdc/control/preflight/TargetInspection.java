// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.preflight;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.target.TargetCheck;
import io.milvuscdc.connectors.target.TargetConfig;
import io.milvuscdc.connectors.target.TargetException;
import io.milvuscdc.control.api.Finding;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a target. */
final class TargetInspection {

    private static final Logger LOG = LoggerFactory.getLogger(TargetInspection.class);
    private static final String TARGET = "target";
    private static final String VERSION = "target_version";
    private static final String SCHEMAS = "target_schemas";

    private final TargetConfig config;

    TargetInspection(TargetConfig config) {
        this.config = config;
    }

    /** Whether it can be reached, takes the login, is a standby, and which version it has. */
    List<Finding> reach() {
        try {
            TargetCheck.run(config);
        } catch (TargetException e) {
            return List.of(
                    Finding.broken(
                            TARGET,
                            e.getMessage(),
                            "correct milvus_connect_param, or what the message says of the"
                                    + " target"));
        }
        return List.of(
                Finding.well(
                        TARGET, config.uri() + " answers, takes the login and is in standby mode"),
                version());
    }

    private Finding version() {
        try {
            return VersionRule.ofTarget(VERSION, TargetCheck.facts(config).version());
        } catch (TargetException e) {
            return Finding.advice(
                    VERSION,
                    "it doesn't say its version: " + e.getMessage(),
                    VersionRule.MAKE_SURE);
        }
    }

    /** Whether rows fit into what somebody has put there. */
    Finding schemas(ReplicationScope scope, List<SourceCollection> live) {
        try {
            TargetCheck.schemas(config, scope, live);
            return Finding.well(SCHEMAS, "nothing at the target is in the way of a collection");
        } catch (TargetException e) {
            return Finding.broken(
                    SCHEMAS,
                    e.getMessage(),
                    "drop or rename the collection at the target, or leave it out of the task");
        }
    }

    /** Nothing when it can't be read: whoever compares says so. */
    void readClock(Clocks clocks) {
        try {
            TargetCheck.Facts facts = TargetCheck.facts(config);
            clocks.ofTarget(facts.clockMillis(), facts.before(), facts.after());
        } catch (TargetException e) {
            LOG.debug("The clock of {} isn't known", config.uri(), e);
        }
    }
}
