// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.KafkaQueue;
import io.milvuscdc.connectors.source.MessageQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code sourceConfig}, in the old spelling (etcdAddress) and the newer one (etcd.address).
 */
final class SourceReader {

    private static final String REPLICATE_SUFFIX = "-replicate-msg";

    private final YamlSettings yaml;

    SourceReader(YamlSettings yaml) {
        this.yaml = yaml;
    }

    SourceSettings read() {
        String rootPath =
                yaml.text(
                        "sourceConfig.etcdRootPath",
                        yaml.text("sourceConfig.etcd.rootPath", "by-dev"));
        return new SourceSettings(etcd(rootPath), channels(rootPath));
    }

    private EtcdConfig etcd(String rootPath) {
        String subPath =
                yaml.text(
                        "sourceConfig.etcdMetaSubPath",
                        yaml.text("sourceConfig.etcd.metaSubPath", "meta"));
        return new EtcdReader(yaml, "sourceConfig.etcd")
                .read(
                        yaml.texts("sourceConfig.etcdAddress"),
                        List.of("127.0.0.1:2379"),
                        rootPath + "/" + subPath);
    }

    private SourceChannels channels(String rootPath) {
        String replicateChannel =
                yaml.text("sourceConfig.replicateChan", rootPath + REPLICATE_SUFFIX);
        // as in the Go tool, Pulsar wins where both are set
        Optional<PulsarQueue> pulsar = new PulsarReader(yaml).read();
        MessageQueue queue = pulsar.isPresent() ? pulsar.get() : kafka();
        return new SourceChannels(queue, channelPrefix(replicateChannel), replicateChannel);
    }

    private KafkaQueue kafka() {
        return new KafkaQueue(
                yaml.required("sourceConfig.kafka.address", "127.0.0.1:9092"),
                new KafkaReader(yaml).properties());
    }

    private String channelPrefix(String replicateChannel) {
        String given = yaml.text("replication.channelPrefix", "");
        if (given.isEmpty() && !replicateChannel.endsWith(REPLICATE_SUFFIX)) {
            yaml.problem(
                    "replication.channelPrefix is missing: sourceConfig.replicateChan doesn't end"
                            + " with "
                            + REPLICATE_SUFFIX
                            + ", so what the names of the source's channels begin with can't be"
                            + " derived; it's like by-dev-rootcoord-dml");
            return "";
        }
        return given.isEmpty()
                ? replicateChannel.substring(
                                0, replicateChannel.length() - REPLICATE_SUFFIX.length())
                        + "-rootcoord-dml"
                : given;
    }
}
