// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.compare;

import io.grpc.ManagedChannel;
import io.milvus.grpc.ConsistencyLevel;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvuscdc.e2e.servers.MilvusAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Reads a whole Milvus over its gRPC interface. Rows can only be read where a collection or
 * partition is loaded. May be used by one thread at a time.
 */
public final class MilvusReader implements AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 256 * 1024 * 1024;
    private static final int INDEX_NOT_FOUND = 700;
    static final long DEADLINE_SECONDS = 60;

    private final ManagedChannel channel;
    private final ConsistencyLevel consistency;
    private final Predicate<String> databases;

    private MilvusReader(
            ManagedChannel channel, ConsistencyLevel consistency, Predicate<String> databases) {
        this.channel = channel;
        this.consistency = consistency;
        this.databases = databases;
    }

    private static MilvusReader of(MilvusAccess access, ConsistencyLevel consistency) {
        return new MilvusReader(access.channel(MAX_ANSWER_BYTES), consistency, name -> true);
    }

    /** Reads a normal Milvus: all that was written before is seen. */
    public static MilvusReader ofSource(String uri) {
        return ofSource(MilvusAccess.open(uri));
    }

    /** As above, with login or TLS. */
    public static MilvusReader ofSource(MilvusAccess access) {
        return of(access, ConsistencyLevel.Strong);
    }

    /** Reads a standby, which has no time of its own to wait for: what it shows now. */
    public static MilvusReader ofTarget(String uri) {
        return ofTarget(MilvusAccess.open(uri));
    }

    /** As above, with login or TLS. */
    public static MilvusReader ofTarget(MilvusAccess access) {
        return of(access, ConsistencyLevel.Eventually);
    }

    /** A reader in place of this one that sees these databases and no other. */
    public MilvusReader only(Predicate<String> databaseNames) {
        return new MilvusReader(channel, consistency, databaseNames);
    }

    /** Everything but the rows: their numbers only. */
    public MilvusContent outline() {
        return read(false);
    }

    /** Everything, rows included. */
    public MilvusContent content() {
        return read(true);
    }

    private MilvusContent read(boolean withRows) {
        List<String> names = databases();
        SortedMap<String, CollectionContent> collections = new TreeMap<>();
        for (String db : names) {
            for (String name : showCollections(db).getCollectionNamesList()) {
                collections.put(db + "." + name, collection(db, name, withRows));
            }
        }
        return new MilvusContent(new TreeSet<>(names), collections);
    }

    private List<String> databases() {
        ListDatabasesResponse listed =
                stub().listDatabases(ListDatabasesRequest.getDefaultInstance());
        check("list databases", listed.getStatus());
        return listed.getDbNamesList().stream().filter(databases).toList();
    }

    private ShowCollectionsResponse showCollections(String db) {
        ShowCollectionsResponse shown =
                stub().showCollections(ShowCollectionsRequest.newBuilder().setDbName(db).build());
        check("list collections of database " + db, shown.getStatus());
        return shown;
    }

    /** All collections by the ids that they have here. */
    public Map<Long, CollectionName> collections() {
        Map<Long, CollectionName> names = new TreeMap<>();
        for (String db : databases()) {
            ShowCollectionsResponse shown = showCollections(db);
            for (int i = 0; i < shown.getCollectionIdsCount(); i++) {
                names.put(
                        shown.getCollectionIds(i),
                        new CollectionName(db, shown.getCollectionNames(i)));
            }
        }
        return names;
    }

    /** A collection of a database. */
    public record CollectionName(String database, String name)
            implements Comparable<CollectionName> {

        @Override
        public int compareTo(CollectionName other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return database + "." + name;
        }
    }

    /**
     * One collection.
     *
     * @throws MilvusReadException when there is none of that name
     */
    public CollectionContent collection(String db, String name, boolean withRows) {
        DescribeCollectionResponse described = describe(db, name);
        LoadState state = loadState(db, name, List.of());
        SortedMap<String, LoadState> states = partitions(db, name, state);
        List<String> readable =
                states.keySet().stream()
                        .filter(partition -> states.get(partition) == LoadState.LoadStateLoaded)
                        .toList();
        CollectionQueries queries =
                new CollectionQueries(
                        MilvusServiceGrpc.newBlockingStub(channel),
                        consistency,
                        db,
                        name,
                        described.getSchema());
        SortedMap<String, PartitionContent> partitions = new TreeMap<>();
        states.forEach(
                (partition, loaded) ->
                        partitions.put(
                                partition,
                                new PartitionContent(
                                        loaded.name(),
                                        readable.contains(partition)
                                                ? queries.countOfPartition(partition)
                                                : Optional.empty())));
        boolean canQuery = state == LoadState.LoadStateLoaded && !readable.isEmpty();
        return new CollectionContent(
                described.getCreatedTimestamp(),
                CollectionTraits.of(described, indexes(db, name)),
                state.name(),
                partitions,
                canQuery ? Optional.of(queries.count(readable)) : Optional.empty(),
                canQuery && withRows ? Optional.of(queries.rows(readable)) : Optional.empty());
    }

    private DescribeCollectionResponse describe(String db, String name) {
        DescribeCollectionResponse described =
                stub().describeCollection(
                                DescribeCollectionRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .build());
        check("describe collection " + db + "." + name, described.getStatus());
        return described;
    }

    /** Of the given partitions, or of the collection as a whole when none is given. */
    private LoadState loadState(String db, String name, List<String> partitions) {
        GetLoadStateResponse answer =
                stub().getLoadState(
                                GetLoadStateRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .addAllPartitionNames(partitions)
                                        .build());
        check("load state of " + db + "." + name + " " + partitions, answer.getStatus());
        return answer.getState();
    }

    /**
     * Names of a collection's partitions, by the ids that they have here.
     *
     * @throws MilvusReadException when there is no collection of that name
     */
    public Map<Long, String> partitionNames(CollectionName collection) {
        ShowPartitionsResponse shown = showPartitions(collection.database(), collection.name());
        Map<Long, String> names = new TreeMap<>();
        for (int i = 0; i < shown.getPartitionIDsCount(); i++) {
            names.put(shown.getPartitionIDs(i), shown.getPartitionNames(i));
        }
        return names;
    }

    private ShowPartitionsResponse showPartitions(String db, String name) {
        ShowPartitionsResponse shown =
                stub().showPartitions(
                                ShowPartitionsRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .build());
        check("list partitions of " + db + "." + name, shown.getStatus());
        return shown;
    }

    private SortedMap<String, LoadState> partitions(
            String db, String name, LoadState ofCollection) {
        SortedMap<String, LoadState> states = new TreeMap<>();
        for (String partition : showPartitions(db, name).getPartitionNamesList()) {
            states.put(
                    partition,
                    ofCollection == LoadState.LoadStateNotLoad
                            ? ofCollection
                            : loadState(db, name, List.of(partition)));
        }
        return states;
    }

    private List<IndexDescription> indexes(String db, String name) {
        DescribeIndexResponse answer =
                stub().describeIndex(
                                DescribeIndexRequest.newBuilder()
                                        .setDbName(db)
                                        .setCollectionName(name)
                                        .build());
        if (answer.getStatus().getCode() == INDEX_NOT_FOUND) {
            return List.of();
        }
        check("indexes of " + db + "." + name, answer.getStatus());
        return answer.getIndexDescriptionsList();
    }

    private MilvusServiceBlockingStub stub() {
        return MilvusServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    static void check(String what, Status status) {
        if (status.getCode() != 0) {
            throw new MilvusReadException(what, status);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
