// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.AlterDatabaseRequest;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.CreateIndexRequest;
import io.milvus.grpc.CreatePartitionRequest;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeDatabaseRequest;
import io.milvus.grpc.DescribeDatabaseResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.DropCollectionRequest;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.DropIndexRequest;
import io.milvus.grpc.DropPartitionRequest;
import io.milvus.grpc.FlushRequest;
import io.milvus.grpc.FlushResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ReplicateInfo;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateMessageResponse;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.target.TargetConnection.Accept;
import io.milvuscdc.connectors.target.TargetConnection.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of the target Milvus that replication needs. Thread-safe. All but {@link #replicate}
 * block, are tried again a bounded number of times while the target says "later", and fail with a
 * {@link TargetException}. All are idempotent: what's already done is no error.
 */
public final class TargetClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TargetClient.class);

    private final TargetConnection connection;
    private volatile boolean listsAliases = true;

    /** A client that takes a refused login for a wrong one. */
    public TargetClient(TargetConfig config) {
        this(config, CallListener.NONE, ChangeGuard.NONE, Duration.ZERO);
    }

    private TargetClient(
            TargetConfig config, CallListener listener, ChangeGuard guard, Duration doubt) {
        this.connection =
                new TargetConnection(
                        config, listener, guard, new LoginDoubt(doubt, System::nanoTime));
    }

    /**
     * The client of a running job: a refused login is no answer, like a target that is away, until
     * it has been refused for a minute.
     *
     * @param listener is told of its successful calls
     * @param guard asked before whatever changes the target; but for {@link #replicate}
     */
    public static TargetClient ofJob(
            TargetConfig config, CallListener listener, ChangeGuard guard) {
        return new TargetClient(config, listener, guard, LoginDoubt.OF_A_JOB);
    }

    /** The same for a part of a job that needs no guard. */
    public static TargetClient ofJob(TargetConfig config, CallListener listener) {
        return ofJob(config, listener, ChangeGuard.NONE);
    }

    /** For the calls of other classes of this package. */
    TargetConnection connection() {
        return connection;
    }

    /**
     * Appends messages, in their order, to a target pchannel. Not atomic: after an error a prefix
     * may be there, and after a deadline the rest may still land. Made once: whoever calls decides
     * about another try.
     *
     * @param beginTs smallest timestamp of the messages, a tso
     * @param endTs largest timestamp of the messages, a tso; the target checks its segment
     *     assignment against it
     * @return where the last message stands in the target's queue: its message id there in base64,
     *     empty when the target doesn't say; fails with a {@link TargetException}; completed by a
     *     thread of grpc
     */
    public CompletableFuture<String> replicate(
            String pchannel, long beginTs, long endTs, List<ByteString> messages) {
        ReplicateMessageRequest request =
                ReplicateMessageRequest.newBuilder()
                        .setBase(replicateBase(MsgType.Replicate, endTs))
                        .setChannelName(pchannel)
                        .setBeginTs(beginTs)
                        .setEndTs(endTs)
                        .addAllMsgs(messages)
                        .build();
        Call<ReplicateMessageRequest, ReplicateMessageResponse> call =
                new Call<>(
                        "ReplicateMessage of " + messages.size() + " messages to " + pchannel,
                        "",
                        MilvusServiceGrpc.getReplicateMessageMethod(),
                        ReplicateMessageResponse::getStatus,
                        Accept.DONE,
                        false);
        return connection.callAsync(call, request).thenApply(ReplicateMessageResponse::getPosition);
    }

    /**
     * Succeeds on a standby, and fails with {@link FatalTargetException} on a normal instance.
     * Without side effect: a standby refuses the empty channel name, a normal one refuses before it
     * looks at that.
     */
    void probeStandby() {
        Call<ReplicateMessageRequest, ReplicateMessageResponse> call =
                new Call<>(
                        "ReplicateMessage (probe for standby mode)",
                        "",
                        MilvusServiceGrpc.getReplicateMessageMethod(),
                        ReplicateMessageResponse::getStatus,
                        Accept.DONE,
                        true);
        try {
            connection.call(call, ReplicateMessageRequest.getDefaultInstance());
        } catch (TargetException e) {
            if (e.code() != StatusClassifier.PARAMETER_INVALID) {
                throw e;
            }
        }
    }

    /** As it calls itself, for example {@code v2.3.5}; empty when it doesn't say. */
    String version() {
        return call(
                        "GetVersion",
                        "",
                        MilvusServiceGrpc.getGetVersionMethod(),
                        GetVersionResponse::getStatus,
                        GetVersionRequest.getDefaultInstance())
                .getVersion();
    }

    /** A tso of the target's own clock; whatever it dates by that clock from now on is younger. */
    long timestamp() {
        return call(
                        "AllocTimestamp",
                        "",
                        MilvusServiceGrpc.getAllocTimestampMethod(),
                        AllocTimestampResponse::getStatus,
                        AllocTimestampRequest.getDefaultInstance())
                .getTimestamp();
    }

    /** The names of all databases. */
    public List<String> listDatabases() {
        return List.copyOf(
                call(
                                "ListDatabases",
                                "",
                                MilvusServiceGrpc.getListDatabasesMethod(),
                                ListDatabasesResponse::getStatus,
                                ListDatabasesRequest.getDefaultInstance())
                        .getDbNamesList());
    }

    /** Makes a database with those of a source's properties that its copy has, too. */
    public void createDatabase(String db, List<KeyValuePair> properties) {
        change(
                "CreateDatabase " + db,
                "",
                MilvusServiceGrpc.getCreateDatabaseMethod(),
                CreateDatabaseRequest.newBuilder()
                        .setDbName(db)
                        .addAllProperties(
                                properties.stream()
                                        .filter(p -> CreateRequests.isCopied(p.getKey()))
                                        .toList())
                        .build());
    }

    /** The properties of a database; empty when it isn't there. */
    public Optional<List<KeyValuePair>> databaseProperties(String db) {
        DescribeDatabaseResponse answer =
                connection.call(
                        new Call<>(
                                "DescribeDatabase " + db,
                                db,
                                MilvusServiceGrpc.getDescribeDatabaseMethod(),
                                DescribeDatabaseResponse::getStatus,
                                Accept.NOT_FOUND,
                                true),
                        DescribeDatabaseRequest.newBuilder().setDbName(db).build());
        return StatusClassifier.isSuccess(answer.getStatus())
                ? Optional.of(answer.getPropertiesList())
                : Optional.empty();
    }

    /** Sets properties of a database; others stay. */
    public void alterDatabase(String db, Collection<KeyValuePair> properties) {
        decorate(
                "AlterDatabase " + db,
                db,
                MilvusServiceGrpc.getAlterDatabaseMethod(),
                AlterDatabaseRequest.newBuilder()
                        .setDbName(db)
                        .addAllProperties(properties)
                        .build());
    }

    /** Removes properties of a database; refused (RETRY) by a target before 2.5. */
    public void removeDatabaseProperties(String db, Collection<String> keys) {
        decorate(
                "AlterDatabase (removal of properties) " + db,
                db,
                MilvusServiceGrpc.getAlterDatabaseMethod(),
                AlterDatabaseRequest.newBuilder().setDbName(db).addAllDeleteKeys(keys).build());
    }

    /**
     * Makes a database unless it is there.
     *
     * @return whether it was missing
     */
    public boolean ensureDatabase(String db) {
        boolean missing = !listDatabases().contains(db);
        if (missing) {
            createDatabase(db, List.of());
        }
        return missing;
    }

    /** Drops a database; one that isn't empty is refused by the target. */
    public void dropDatabase(String db) {
        drop(
                "DropDatabase " + db,
                "",
                MilvusServiceGrpc.getDropDatabaseMethod(),
                DropDatabaseRequest.newBuilder().setDbName(db).build());
    }

    /** The collections of a database, none when it doesn't exist. */
    public List<TargetListing> listCollections(String db) {
        ShowCollectionsResponse answer =
                find(
                        "ShowCollections of " + db,
                        db,
                        MilvusServiceGrpc.getShowCollectionsMethod(),
                        ShowCollectionsResponse::getStatus,
                        ShowCollectionsRequest.newBuilder().setDbName(db).build());
        List<TargetListing> listings = new ArrayList<>();
        for (int i = 0; i < answer.getCollectionNamesCount(); i++) {
            listings.add(
                    new TargetListing(
                            answer.getCollectionIds(i),
                            db,
                            answer.getCollectionNames(i),
                            answer.getCreatedTimestamps(i)));
        }
        return listings;
    }

    /** Describes a collection by its name or an alias; empty when there's none. */
    public Optional<TargetCollection> describe(String db, String name) {
        DescribeCollectionResponse answer =
                find(
                        "DescribeCollection " + db + "." + name,
                        db,
                        MilvusServiceGrpc.getDescribeCollectionMethod(),
                        DescribeCollectionResponse::getStatus,
                        DescribeCollectionRequest.newBuilder()
                                .setDbName(db)
                                .setCollectionName(name)
                                .build());
        if (!StatusClassifier.isSuccess(answer.getStatus())) {
            return Optional.empty();
        }
        return Optional.of(
                new TargetCollection(
                        answer.getCollectionID(),
                        db,
                        answer.getSchema().getName(),
                        answer.getCreatedTimestamp(),
                        answer.getSchema(),
                        answer.getVirtualChannelNamesList(),
                        answer.getPhysicalChannelNamesList(),
                        answer.getShardsNum(),
                        (int) answer.getNumPartitions(),
                        answer.getConsistencyLevel(),
                        answer.getPropertiesList(),
                        answer.getAliasesList()));
    }

    /** The partitions of a collection by name, none when it doesn't exist. */
    public Map<String, TargetPartition> partitions(String db, String name) {
        ShowPartitionsResponse answer =
                find(
                        "ShowPartitions of " + db + "." + name,
                        db,
                        MilvusServiceGrpc.getShowPartitionsMethod(),
                        ShowPartitionsResponse::getStatus,
                        ShowPartitionsRequest.newBuilder()
                                .setDbName(db)
                                .setCollectionName(name)
                                .build());
        Map<String, TargetPartition> partitions = new LinkedHashMap<>();
        for (int i = 0; i < answer.getPartitionNamesCount(); i++) {
            String partition = answer.getPartitionNames(i);
            partitions.put(
                    partition,
                    new TargetPartition(
                            answer.getPartitionIDs(i), partition, answer.getCreatedTimestamps(i)));
        }
        return partitions;
    }

    /**
     * Creates the copy of a source collection under its name, with its create ts. A name that's
     * taken, by a collection of other shape or an alias, is an error of kind RETRY; one of the same
     * shape is no error, so that the caller has to look whose create ts is there.
     */
    public void createCollection(SourceCollection source) {
        change(
                "CreateCollection " + source.dbName() + "." + source.name(),
                source.dbName(),
                MilvusServiceGrpc.getCreateCollectionMethod(),
                CreateRequests.createCollection(source));
    }

    /**
     * Drops a collection without dropping its data: that's done by the DropCollection message. Asks
     * once: a moment later another one may have the name. See {@link #lookAndAsk}.
     */
    public void dropCollection(String db, String name, long dropTs) {
        dropOnce(
                "DropCollection " + db + "." + name,
                db,
                MilvusServiceGrpc.getDropCollectionMethod(),
                DropCollectionRequest.newBuilder()
                        .setBase(replicateBase(MsgType.DropCollection, dropTs))
                        .setDbName(db)
                        .setCollectionName(name)
                        .build());
    }

    public void createPartition(String db, String name, String partition) {
        change(
                "CreatePartition " + partition + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getCreatePartitionMethod(),
                CreatePartitionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setPartitionName(partition)
                        .build());
    }

    /** As {@link #dropCollection}, of a partition, which must be released. */
    public void dropPartition(String db, String name, String partition, long dropTs) {
        dropOnce(
                "DropPartition " + partition + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getDropPartitionMethod(),
                DropPartitionRequest.newBuilder()
                        .setBase(replicateBase(MsgType.DropPartition, dropTs))
                        .setDbName(db)
                        .setCollectionName(name)
                        .setPartitionName(partition)
                        .build());
    }

    /** Renames a collection; to another database only when it has no alias. */
    public void rename(String db, String name, String newDb, String newName) {
        change(
                "RenameCollection " + db + "." + name + " to " + newDb + "." + newName,
                db,
                MilvusServiceGrpc.getRenameCollectionMethod(),
                RenameCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setOldName(name)
                        .setNewDBName(newDb)
                        .setNewName(newName)
                        .build());
    }

    /**
     * The aliases of a collection as they are now. Milvus 2.5.18 and later describes a collection
     * from the proxy's cache (pull 43911), which keeps an alias that was moved away. Milvus since
     * 2.3.6 (pull 29896) lists aliases, and doesn't take those from a cache.
     */
    public List<String> aliases(TargetCollection collection) {
        if (listsAliases) {
            try {
                return find(
                                "ListAliases of " + collection.fullName(),
                                collection.db(),
                                MilvusServiceGrpc.getListAliasesMethod(),
                                ListAliasesResponse::getStatus,
                                ListAliasesRequest.newBuilder()
                                        .setDbName(collection.db())
                                        .setCollectionName(collection.name())
                                        .build())
                        .getAliasesList();
            } catch (FatalTargetException e) {
                // an older one, or a login that may do anything but this
                listsAliases = false;
                LOG.info("Aliases are taken from collections' descriptions: {}", e.getMessage());
            }
        }
        return collection.aliases();
    }

    public void createAlias(String db, String name, String alias) {
        decorate(
                "CreateAlias " + alias + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getCreateAliasMethod(),
                CreateAliasRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setAlias(alias)
                        .build());
    }

    /** Points an existing alias at another collection. */
    public void alterAlias(String db, String name, String alias) {
        decorate(
                "AlterAlias " + alias + " to " + db + "." + name,
                db,
                MilvusServiceGrpc.getAlterAliasMethod(),
                AlterAliasRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setAlias(alias)
                        .build());
    }

    public void dropAlias(String db, String alias) {
        drop(
                "DropAlias " + db + "." + alias,
                db,
                MilvusServiceGrpc.getDropAliasMethod(),
                dropAliasRequest(db, alias));
    }

    /**
     * As {@link #dropAlias}, but asks once: a moment later another collection may have it. See
     * {@link #lookAndAsk}.
     */
    void dropAliasOnce(String db, String alias) {
        dropOnce(
                "DropAlias " + db + "." + alias,
                db,
                MilvusServiceGrpc.getDropAliasMethod(),
                dropAliasRequest(db, alias));
    }

    private static DropAliasRequest dropAliasRequest(String db, String alias) {
        return DropAliasRequest.newBuilder().setDbName(db).setAlias(alias).build();
    }

    /** Sets properties of a collection; others stay. */
    public void alterProperties(String db, String name, Collection<KeyValuePair> properties) {
        decorate(
                "AlterCollection " + db + "." + name,
                db,
                MilvusServiceGrpc.getAlterCollectionMethod(),
                AlterCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .addAllProperties(properties)
                        .build());
    }

    /** Sets parameters of one field; others stay. */
    public void alterField(
            String db, String name, String field, Collection<KeyValuePair> parameters) {
        decorate(
                "AlterCollectionField " + field + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getAlterCollectionFieldMethod(),
                AlterCollectionFieldRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setFieldName(field)
                        .addAllProperties(parameters)
                        .build());
    }

    /** Removes properties of a collection; refused (RETRY) by a target before 2.5. */
    public void removeProperties(String db, String name, Collection<String> keys) {
        decorate(
                "AlterCollection (removal of properties) " + db + "." + name,
                db,
                MilvusServiceGrpc.getAlterCollectionMethod(),
                AlterCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .addAllDeleteKeys(keys)
                        .build());
    }

    public List<TargetIndex> describeIndexes(String db, String name) {
        DescribeIndexResponse answer =
                find(
                        "DescribeIndex of " + db + "." + name,
                        db,
                        MilvusServiceGrpc.getDescribeIndexMethod(),
                        DescribeIndexResponse::getStatus,
                        DescribeIndexRequest.newBuilder()
                                .setDbName(db)
                                .setCollectionName(name)
                                .build());
        return answer.getIndexDescriptionsList().stream()
                .map(i -> new TargetIndex(i.getIndexName(), i.getFieldName(), i.getParamsList()))
                .toList();
    }

    public void createIndex(String db, String name, TargetIndex index) {
        decorate(
                "CreateIndex " + index.name() + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getCreateIndexMethod(),
                CreateIndexRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setFieldName(index.fieldName())
                        .setIndexName(index.name())
                        .addAllExtraParams(index.params())
                        .build());
    }

    /** Drops an index; refused while the collection is loaded. */
    public void dropIndex(String db, String name, TargetIndex index) {
        drop(
                "DropIndex " + index.name() + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getDropIndexMethod(),
                DropIndexRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setFieldName(index.fieldName())
                        .setIndexName(index.name())
                        .build());
    }

    /** Starts to load a collection and its later partitions; doesn't wait for the end. */
    public void loadCollection(String db, String name, int replicas) {
        decorate(
                "LoadCollection " + db + "." + name + " with " + replicas + " replicas",
                db,
                MilvusServiceGrpc.getLoadCollectionMethod(),
                LoadCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .setReplicaNumber(replicas)
                        .build());
    }

    public void releaseCollection(String db, String name) {
        drop(
                "ReleaseCollection " + db + "." + name,
                db,
                MilvusServiceGrpc.getReleaseCollectionMethod(),
                ReleaseCollectionRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .build());
    }

    /** Starts to load some partitions; doesn't wait for the end. */
    public void loadPartitions(
            String db, String name, Collection<String> partitions, int replicas) {
        decorate(
                "LoadPartitions " + partitions + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getLoadPartitionsMethod(),
                LoadPartitionsRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .addAllPartitionNames(partitions)
                        .setReplicaNumber(replicas)
                        .build());
    }

    public void releasePartitions(String db, String name, Collection<String> partitions) {
        drop(
                "ReleasePartitions " + partitions + " of " + db + "." + name,
                db,
                MilvusServiceGrpc.getReleasePartitionsMethod(),
                ReleasePartitionsRequest.newBuilder()
                        .setDbName(db)
                        .setCollectionName(name)
                        .addAllPartitionNames(partitions)
                        .build());
    }

    /**
     * The load state of a collection (no partition named), or of all the partitions named together.
     */
    public LoadState loadState(String db, String name, Collection<String> partitions) {
        return find(
                        "GetLoadState of " + db + "." + name,
                        db,
                        MilvusServiceGrpc.getGetLoadStateMethod(),
                        GetLoadStateResponse::getStatus,
                        GetLoadStateRequest.newBuilder()
                                .setDbName(db)
                                .setCollectionName(name)
                                .addAllPartitionNames(partitions)
                                .build())
                .getState();
    }

    /**
     * Seals what the collections hold, without waiting for it. On a standby it fails until the
     * first time tick has reached the collection's channels.
     */
    public void flush(String db, Collection<String> names) {
        Call<FlushRequest, FlushResponse> call =
                new Call<>(
                        "Flush of " + db + "." + names,
                        db,
                        MilvusServiceGrpc.getFlushMethod(),
                        FlushResponse::getStatus,
                        Accept.NOT_FOUND,
                        true);
        connection.change(
                call, FlushRequest.newBuilder().setDbName(db).addAllCollectionNames(names).build());
    }

    @Override
    public void close() {
        connection.close();
    }

    static MsgBase replicateBase(MsgType type, long timestamp) {
        return MsgBase.newBuilder()
                .setMsgType(type)
                .setReplicateInfo(
                        ReplicateInfo.newBuilder().setIsReplicate(true).setMsgTimestamp(timestamp))
                .build();
    }

    private <Q, R> R call(
            String what,
            String db,
            MethodDescriptor<Q, R> method,
            Function<R, Status> status,
            Q request) {
        return connection.call(new Call<>(what, db, method, status, Accept.DONE, false), request);
    }

    private <Q, R> R find(
            String what,
            String db,
            MethodDescriptor<Q, R> method,
            Function<R, Status> status,
            Q request) {
        return connection.call(
                new Call<>(what, db, method, status, Accept.NOT_FOUND, false), request);
    }

    private <Q> void change(String what, String db, MethodDescriptor<Q, Status> method, Q request) {
        connection.change(
                new Call<>(what, db, method, Function.identity(), Accept.DONE, false), request);
    }

    /** See {@link TargetConnection#lookAndAsk}. */
    <T> boolean lookAndAsk(Supplier<Optional<T>> look, Consumer<T> ask) {
        return connection.lookAndAsk(look, ask);
    }

    private <Q> void dropOnce(
            String what, String db, MethodDescriptor<Q, Status> method, Q request) {
        connection.changeOnce(
                new Call<>(what, db, method, Function.identity(), Accept.NOT_FOUND, false),
                request);
    }

    private <Q> void drop(String what, String db, MethodDescriptor<Q, Status> method, Q request) {
        connection.change(
                new Call<>(what, db, method, Function.identity(), Accept.NOT_FOUND, false),
                request);
    }

    /** A change that rows don't need: refused as such, it's left for a later try. */
    private <Q> void decorate(
            String what, String db, MethodDescriptor<Q, Status> method, Q request) {
        connection.change(
                new Call<>(what, db, method, Function.identity(), Accept.DONE, true), request);
    }
}
