// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import java.util.List;

/**
 * Everything that cdc.yaml says. Its text form shows no secret.
 *
 * @param maxTaskNum how many tasks there may be
 * @param maxNameLength of a database or collection, in bytes
 * @param logLevel a level of log4j
 * @param warnings keys that have no effect, in words, for the log
 */
public record ControlConfig(
        ListenAddress address,
        int maxTaskNum,
        int maxNameLength,
        String logLevel,
        StoreSettings store,
        SourceSettings source,
        FlinkSettings flink,
        ReplicationSettings replication,
        TransportSettings transport,
        List<String> warnings) {

    public ControlConfig {
        warnings = List.copyOf(warnings);
    }
}
