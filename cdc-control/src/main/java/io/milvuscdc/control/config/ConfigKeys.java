// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import static io.milvuscdc.control.config.ConfigKey.Origin.GO;
import static io.milvuscdc.control.config.ConfigKey.Origin.GO_WITHOUT_EFFECT;
import static io.milvuscdc.control.config.ConfigKey.Origin.NEW;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every key that cdc.yaml may have. docs/configuration.md is made of this list, and a test holds it
 * against what the readers ask for.
 */
final class ConfigKeys {

    /** The keys, in the order of the documentation. */
    static final List<ConfigKey> ALL =
            Stream.of(server(), store(), source(), replication(), flink(), withoutEffect())
                    .flatMap(List::stream)
                    .toList();

    private ConfigKeys() {}

    /** The paths of all keys and of what they are in. */
    static Set<String> keysAndSections() {
        Set<String> paths = new TreeSet<>();
        for (ConfigKey key : ALL) {
            String path = key.path();
            paths.add(path);
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                paths.add(path.substring(0, dot));
            }
        }
        return paths;
    }

    private static List<ConfigKey> server() {
        return List.of(
                new ConfigKey(
                        "address",
                        GO,
                        "127.0.0.1:8444",
                        "Where the API listens, host:port. No host means every address, port 0 a"
                                + " free one."),
                new ConfigKey(
                        "management.address",
                        NEW,
                        "127.0.0.1:8445",
                        "Where the pages for operators listen."),
                new ConfigKey(
                        "security.token",
                        NEW,
                        "none",
                        "What requests must carry: `Authorization: Bearer <token>`. At least 8"
                                + " characters, no white space."),
                new ConfigKey(
                        "security.hostNames",
                        NEW,
                        "none",
                        "Names under which browsers open the status page, where there's no token and"
                                + " no TLS: from a page under another name they change nothing."
                                + " IP addresses, localhost and this machine's own name needn't be"
                                + " listed."),
                new ConfigKey(
                        "security.tlsCertPath",
                        NEW,
                        "none",
                        "The certificate that API and management show, PEM: they speak TLS then."),
                new ConfigKey("security.tlsKeyPath", NEW, "none", "Its key."),
                new ConfigKey(
                        "security.tlsCACertPath",
                        NEW,
                        "none",
                        "Who signs the certificates that clients must show; without it they need"
                                + " none."),
                new ConfigKey(
                        "security.maxBodyBytes", NEW, "4194304", "The longest request, in bytes."),
                new ConfigKey("maxTaskNum", GO, "100", "How many tasks there may be."),
                new ConfigKey(
                        "maxNameLength",
                        GO,
                        "256",
                        "The longest name of a database or collection, in bytes."),
                new ConfigKey(
                        "logLevel",
                        GO,
                        "info",
                        "debug, info, warn, error; dpanic, panic and fatal mean fatal."),
                new ConfigKey("dryRun", GO, "false", "Only false can be set so far."),
                new ConfigKey("replicateID", GO, "none", "Can't be set so far."));
    }

    private static List<ConfigKey> store() {
        String section = "metaStoreConfig.";
        return join(
                List.of(
                        new ConfigKey(
                                section + "storeType",
                                GO,
                                "file",
                                "Where tasks are kept: etcd, mysql (MySQL or MariaDB), or file: a"
                                        + " directory, for one machine. The Go tool has no file."),
                        new ConfigKey(
                                section + "rootPath",
                                GO,
                                "\"\"",
                                "Separates control planes that share a store: what the keys begin"
                                        + " with, or a directory below file.dir."),
                        new ConfigKey(
                                section + "file.dir",
                                NEW,
                                "data/tasks",
                                "The directory for storeType file."),
                        new ConfigKey(
                                section + "leaseTtl",
                                NEW,
                                "15 s",
                                "How long after it was last heard of a control plane owns a root"
                                        + " path in etcd or MySQL, 5 s to 1 h. One that can't be"
                                        + " heard of for so long ends itself."),
                        new ConfigKey(
                                section + "mysqlSourceUrl",
                                GO,
                                "none",
                                "The database for storeType mysql:"
                                        + " `user:password@tcp(host:port)/database`; the"
                                        + " parameter tls may be true, false or skip-verify."),
                        new ConfigKey(
                                section + "etcdEndpoints",
                                GO,
                                "none",
                                "The old spelling of etcd.address; it wins.")),
                etcd(section + "etcd.", "none"));
    }

    private static List<ConfigKey> source() {
        String section = "sourceConfig.";
        return join(
                etcd(section + "etcd.", "127.0.0.1:2379"),
                List.of(
                        new ConfigKey(
                                section + "etcd.rootPath",
                                GO,
                                "by-dev",
                                "etcd.rootPath of the source's milvus.yaml."),
                        new ConfigKey(
                                section + "etcd.metaSubPath",
                                GO,
                                "meta",
                                "etcd.metaSubPath of the source's milvus.yaml."),
                        new ConfigKey(
                                section + "etcdAddress",
                                GO,
                                "none",
                                "The old spelling of etcd.address; it wins."),
                        new ConfigKey(
                                section + "etcdRootPath",
                                GO,
                                "none",
                                "The old spelling of etcd.rootPath; it wins."),
                        new ConfigKey(
                                section + "etcdMetaSubPath",
                                GO,
                                "none",
                                "The old spelling of etcd.metaSubPath; it wins."),
                        new ConfigKey(
                                section + "replicateChan",
                                GO,
                                "the etcd root path and -replicate-msg",
                                "The source's replicate channel:"
                                        + " {msgChannel.chanNamePrefix.cluster}-{msgChannel.chanNamePrefix.replicateMsg}"
                                        + " of milvus.yaml (in 2.3.5 below common)."),
                        new ConfigKey(
                                section + "pulsar.address",
                                GO,
                                "none",
                                "The source's Pulsar, pulsar://host:port or"
                                        + " pulsar+ssl://host:port; it wins over kafka."),
                        new ConfigKey(
                                section + "pulsar.tenant",
                                GO,
                                "public",
                                "pulsar.tenant of the source's milvus.yaml."),
                        new ConfigKey(
                                section + "pulsar.namespace",
                                GO,
                                "default",
                                "pulsar.namespace of the source's milvus.yaml."),
                        new ConfigKey(
                                section + "pulsar.authPlugin",
                                GO,
                                "none",
                                "The login there: token, tls, basic or the class of a plugin."),
                        new ConfigKey(
                                section + "pulsar.authParams",
                                GO,
                                "none",
                                "What the plugin needs, key:value,key:value or a JSON object, for"
                                        + " example token:xxx."),
                        new ConfigKey(
                                section + "pulsar.tlsTrustCertsFilePath",
                                NEW,
                                "the JVM's",
                                "Who may sign the broker's certificate, in PEM."),
                        new ConfigKey(
                                section + "pulsar.webAddress",
                                GO_WITHOUT_EFFECT,
                                "none",
                                "the broker's own port is enough"),
                        new ConfigKey(
                                section + "pulsar.webPort",
                                GO_WITHOUT_EFFECT,
                                "none",
                                "the broker's own port is enough"),
                        new ConfigKey(
                                section + "pulsar.maxMessageSize",
                                GO_WITHOUT_EFFECT,
                                "none",
                                "nothing is written there"),
                        new ConfigKey(
                                section + "kafka.address",
                                GO,
                                "must be set, unless pulsar.address is",
                                "The source's brokers, host:port with commas between them."),
                        new ConfigKey(
                                section + "kafka.saslUsername", GO, "none", "The login there."),
                        new ConfigKey(section + "kafka.saslPassword", GO, "none", "Its password."),
                        new ConfigKey(
                                section + "kafka.saslMechanisms",
                                GO,
                                "PLAIN",
                                "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512."),
                        new ConfigKey(
                                section + "kafka.securityProtocol",
                                GO,
                                "PLAINTEXT, with a login SASL_SSL",
                                "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL."),
                        new ConfigKey(
                                section + "kafka.consumer",
                                GO,
                                "none",
                                "Further properties of the Kafka consumer, one key each, with librdkafka's"
                                        + " names for certificates (ssl.ca.location and so on) too.")));
    }

    private static List<ConfigKey> etcd(String section, String address) {
        return List.of(
                new ConfigKey(
                        section + "address",
                        GO,
                        address,
                        "A list of host:port or URLs, or one text with commas."),
                new ConfigKey(
                        section + "enableAuth", GO, "false", "Whether etcd asks for a login."),
                new ConfigKey(section + "username", GO, "none", "The login."),
                new ConfigKey(section + "password", GO, "none", "Its password."),
                new ConfigKey(section + "enableTLS", GO, "false", "Whether it's reached by TLS."),
                new ConfigKey(
                        section + "tlsCertPath", GO, "none", "This client's certificate, PEM."),
                new ConfigKey(section + "tlsKeyPath", GO, "none", "Its key."),
                new ConfigKey(
                        section + "tlsCACertPath", GO, "none", "Who signs etcd's certificate."),
                new ConfigKey(
                        section + "tlsMinVersion",
                        GO,
                        "1.2",
                        "The oldest TLS to accept; below 1.2 it's" + " 1.2."));
    }

    private static List<ConfigKey> replication() {
        return List.of(
                new ConfigKey(
                        "replication.deliveryGuarantee",
                        NEW,
                        "exactly-once",
                        "exactly-once: a row is visible at the target after the next checkpoint,"
                                + " and never twice. at-least-once: visible at once; after a"
                                + " failure some rows may be there twice."),
                new ConfigKey(
                        "replication.checkpointInterval",
                        NEW,
                        "400 ms",
                        "Time between checkpoints, 50 ms to 10 min. Up to 2 s, multiples of 200 ms"
                                + " are best: Milvus ticks that often, and checkpoints are kept"
                                + " right behind ticks then."),
                new ConfigKey(
                        "replication.channelPrefix",
                        NEW,
                        "derived from replicateChan",
                        "What the names of the source's channels begin with, like"
                                + " by-dev-rootcoord-dml."));
    }

    private static List<ConfigKey> flink() {
        return List.of(
                new ConfigKey(
                        "flink.mode",
                        NEW,
                        "embedded",
                        "embedded: the jobs run in this process. session: in a Flink session"
                                + " cluster, see deploy-session.md."),
                new ConfigKey(
                        "flink.address",
                        NEW,
                        "none",
                        "The URL of the session cluster's REST API, like http://jobmanager:8081."),
                new ConfigKey(
                        "flink.jobJar",
                        NEW,
                        "job/cdc-job.jar of the distribution",
                        "What a session cluster runs, and the command that task-file prints: the"
                                + " job's jar, of the same release."),
                new ConfigKey(
                        "flink.tlsCACertPath",
                        NEW,
                        "the JVM's",
                        "Who may sign the session cluster's certificate, in PEM."),
                new ConfigKey(
                        "flink.tlsCertPath",
                        NEW,
                        "none",
                        "What is shown to a session cluster that wants a certificate, in PEM."),
                new ConfigKey("flink.tlsKeyPath", NEW, "none", "Its key."),
                new ConfigKey(
                        "flink.configDir",
                        NEW,
                        "conf",
                        "The directory of Flink's config.yaml; of a session cluster's only what is"
                                + " said there of jobs holds."),
                new ConfigKey(
                        "flink.dataDir",
                        NEW,
                        "data",
                        "Checkpoints, savepoints and temporary files; needed to go on after a"
                                + " restart. A session cluster must have it under the same path."),
                new ConfigKey(
                        "flink.webAddress",
                        NEW,
                        "127.0.0.1",
                        "Where the web UI of the embedded Flink listens."),
                new ConfigKey(
                        "flink.webPort",
                        NEW,
                        "8081",
                        "Its port, 0 for a free one; the URL is in the log and in"
                                + " dataDir/flink-ui.url."));
    }

    private static List<ConfigKey> withoutEffect() {
        return List.of(
                none("detectDeadLock", "there are no such locks here"),
                none("batchMode", "rows are always sent in batches"),
                none("retry", "what can pass is tried again for as long as it takes"),
                none(
                        "packer",
                        "rows are sent as they are read; see replication.checkpointInterval"),
                none(
                        "metaStoreConfig.etcd.rootPath",
                        "the keys are below metaStoreConfig.rootPath"),
                none("sourceConfig.readChanLen", "Flink bounds what is read ahead"),
                none("sourceConfig.channelNum", "shards keep their number, not their channel"),
                none(
                        "sourceConfig.timeTickInterval",
                        "ticks go out with every checkpoint; see replication.checkpointInterval"),
                none("sourceConfig.defaultPartitionName", "partitions are found by their names"),
                none("sourceConfig.kafka.producer", "nothing is written to the source's queue"),
                none("enableReverse", "it has none in the Go tool either"),
                none("reverseMilvus", "it has none in the Go tool either"),
                none("currentMilvus", "it has none in the Go tool either"));
    }

    private static ConfigKey none(String path, String why) {
        return new ConfigKey(path, GO_WITHOUT_EFFECT, "", why);
    }

    private static List<ConfigKey> join(List<ConfigKey> first, List<ConfigKey> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
