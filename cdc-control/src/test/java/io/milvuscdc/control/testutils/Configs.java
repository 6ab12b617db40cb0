// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.config.FlinkSettings;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.ReplicationSettings;
import io.milvuscdc.control.config.SourceSettings;
import io.milvuscdc.control.config.StoreSettings;
import io.milvuscdc.control.config.TransportSettings;
import io.milvuscdc.job.DeliveryGuarantee;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings as tests want them: free ports, a short checkpoint interval. */
public final class Configs {

    private Configs() {}

    /** Settings whose files are all below one directory, with Flink's shipped configuration. */
    public static ControlConfig below(Path root, int maxTaskNum) {
        return new ControlConfig(
                new ListenAddress("127.0.0.1", 0),
                maxTaskNum,
                10,
                "info",
                StoreSettings.inFiles(root.resolve("tasks")),
                new SourceSettings(
                        new EtcdConfig(List.of("127.0.0.1:2379"), "by-dev/meta", "", ""),
                        new SourceChannels(
                                "127.0.0.1:9092",
                                "by-dev-rootcoord-dml",
                                "by-dev-replicate-msg",
                                Map.of())),
                FlinkSettings.embedded(
                        Path.of("../flink-conf").toAbsolutePath().normalize(),
                        root.resolve("flink"),
                        new ListenAddress("127.0.0.1", 0),
                        root.resolve("cdc-job.jar")),
                new ReplicationSettings(DeliveryGuarantee.EXACTLY_ONCE, Duration.ofMillis(100)),
                new TransportSettings(
                        new ListenAddress("127.0.0.1", 0),
                        "",
                        List.of(),
                        TransportSettings.DEFAULT_MAX_BODY,
                        TlsConfig.SYSTEM),
                List.of());
    }
}
