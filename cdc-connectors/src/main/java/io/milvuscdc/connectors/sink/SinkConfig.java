// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that the sink's operators are made from. Its text form shows no secret.
 *
 * @param taskId names the task in logs
 * @param startOffsets by channel, the first Kafka offset that belongs to the task
 * @param exactlyOnce whether ticks wait for a completed checkpoint; otherwise they are sent as the
 *     watermark passes
 */
public record SinkConfig(
        String taskId,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        Map<String, Long> startOffsets,
        boolean exactlyOnce,
        RetryPolicy retries)
        implements Serializable {

    public SinkConfig {
        startOffsets = new TreeMap<>(startOffsets);
    }
}
