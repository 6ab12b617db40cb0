// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What the user asked a task to be; it never changes. Its text form shows no secret.
 *
 * @param milvus the target
 * @param kafka a target instead of a Milvus; tasks that were taken over from the old tool may have
 *     one, but can't run
 * @param collections selected in the database {@value #DEFAULT_DATABASE} by name, or everything: a
 *     {@code *} among them stands for all collections of all databases
 * @param dbCollections selected, by database or {@code *} for every database
 * @param excluded {@code database.collection}, each part a name or {@code *}: left out although
 *     selected
 * @param enableUserRole users, roles and grants are replicated, too
 * @param disableAutoStart the task is paused when the control plane has started anew
 */
public record TaskDefinition(
        MilvusConnectParam milvus,
        KafkaConnectParam kafka,
        BufferConfig buffer,
        List<CollectionInfo> collections,
        Map<String, List<CollectionInfo>> dbCollections,
        List<String> excluded,
        List<DatabaseMapping> nameMapping,
        RpcChannelInfo rpcChannel,
        boolean enableUserRole,
        boolean disableAutoStart) {

    /** Why a task with a Kafka as its target can't be made or run. */
    public static final String KAFKA_UNSUPPORTED =
            "a Kafka can't be a target, only a Milvus can: use milvus_connect_param in place of"
                    + " kafka_connect_param";

    /** The database that the names in {@code collection_infos} are of. */
    public static final String DEFAULT_DATABASE = "default";

    public TaskDefinition {
        collections = List.copyOf(collections);
        Map<String, List<CollectionInfo>> databases = new TreeMap<>();
        dbCollections.forEach((name, infos) -> databases.put(name, List.copyOf(infos)));
        dbCollections = databases;
        excluded = List.copyOf(excluded);
        nameMapping = List.copyOf(nameMapping);
    }

    /** Collections of the database {@value #DEFAULT_DATABASE} into a Milvus, nothing else said. */
    public static TaskDefinition of(MilvusConnectParam milvus, List<CollectionInfo> collections) {
        return new TaskDefinition(
                milvus,
                KafkaConnectParam.NONE,
                BufferConfig.NONE,
                collections,
                Map.of(),
                List.of(),
                List.of(),
                RpcChannelInfo.NONE,
                false,
                false);
    }

    /**
     * The same in the Go tool's reading, to which a {@code *} in {@code collection_infos} is every
     * collection of the database {@value #DEFAULT_DATABASE} alone.
     */
    public TaskDefinition asGoReadsIt() {
        Map<String, List<CollectionInfo>> databases = new TreeMap<>(dbCollections);
        List<CollectionInfo> ofDefault =
                new ArrayList<>(databases.getOrDefault(DEFAULT_DATABASE, List.of()));
        collections.stream().filter(CollectionInfo::coversAll).forEach(ofDefault::add);
        if (!ofDefault.isEmpty()) {
            databases.put(DEFAULT_DATABASE, ofDefault);
        }
        return new TaskDefinition(
                milvus,
                kafka,
                buffer,
                collections.stream().filter(info -> !info.coversAll()).toList(),
                databases,
                excluded,
                nameMapping,
                rpcChannel,
                enableUserRole,
                disableAutoStart);
    }

    /** Whether both write into the same Milvus, however it's spelt. */
    public boolean hasTargetOf(TaskDefinition other) {
        return kafka.isAbsent() && other.kafka.isAbsent() && milvus.sameTarget(other.milvus);
    }

    /**
     * Calls back with every selected entry and its database, those of {@code collection_infos}
     * first.
     */
    public void forEachEntry(BiConsumer<String, CollectionInfo> entry) {
        collections.forEach(
                info ->
                        entry.accept(
                                info.coversAll() ? CollectionPattern.ANY : DEFAULT_DATABASE, info));
        dbCollections.forEach(
                (database, infos) -> infos.forEach(info -> entry.accept(database, info)));
    }

    /** Which of the source's collections are meant. */
    public Selection selection() {
        List<CollectionPattern> included = new ArrayList<>();
        forEachEntry(
                (database, info) -> included.add(new CollectionPattern(database, info.name())));
        return new Selection(included, excluded.stream().map(TaskDefinition::pattern).toList());
    }

    private static CollectionPattern pattern(String fullName) {
        int dot = fullName.indexOf('.');
        return dot < 0
                ? new CollectionPattern(DEFAULT_DATABASE, fullName)
                : new CollectionPattern(fullName.substring(0, dot), fullName.substring(dot + 1));
    }

    /** What of the source is replicated, and under which names. */
    public ReplicationScope scope() {
        List<NameMapping.Entry> names = new ArrayList<>();
        nameMapping.forEach(mapping -> names.addAll(mapping.entries()));
        return new ReplicationScope(
                selection(), new NameMapping(names), milvus.ignorePartition(), enableUserRole);
    }

    @Override
    public String toString() {
        return kafka.isAbsent() ? milvus.toString() : kafka.toString();
    }
}
