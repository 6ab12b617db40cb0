// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.target.TargetConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * What one job replicates. Its text form shows no secret.
 *
 * @param startOffsets first offset to read by pchannel, used when there's no checkpoint
 */
public record TaskSpec(
        String taskId,
        EtcdConfig etcd,
        SourceChannels channels,
        TargetConfig target,
        DeliveryGuarantee guarantee,
        Duration checkpointInterval,
        Map<String, Long> startOffsets)
        implements Serializable {

    public TaskSpec {
        startOffsets = Map.copyOf(startOffsets);
    }
}
