// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.AlterCollectionFieldRequest;
import io.milvus.grpc.AlterCollectionRequest;
import io.milvus.grpc.AlterDatabaseRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
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
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetVersionRequest;
import io.milvus.grpc.GetVersionResponse;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.ListAliasesRequest;
import io.milvus.grpc.ListAliasesResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.LoadCollectionRequest;
import io.milvus.grpc.LoadPartitionsRequest;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ReleaseCollectionRequest;
import io.milvus.grpc.ReleasePartitionsRequest;
import io.milvus.grpc.RenameCollectionRequest;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateMessageResponse;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A standby Milvus 2.3.5 in memory, over real gRPC on loopback: the calls that replication makes,
 * with the refusals and codes that the real one was seen to answer.
 */
final class FakeMilvus extends MilvusServiceGrpc.MilvusServiceImplBase implements AutoCloseable {

    private static final int UNEXPECTED = 65535;
    private static final String ISOLATION = "partitionkey.isolation";

    private final Server server;
    private final Map<String, Map<String, Held>> databases = new TreeMap<>();
    private final Map<String, Map<String, Held>> aliases = new TreeMap<>();
    private final Map<String, Status> refusals = new HashMap<>();
    private final Map<String, Runnable> lostAnswers = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private long nextId = 1000;
    private boolean normalInstance;
    private long clock = Long.MAX_VALUE;
    private String version = "v2.3.5";
    private Map<Long, List<String>> cachedAliases;
    private boolean younger;
    private final Map<String, Map<String, String>> databaseProperties = new HashMap<>();
    private final Set<String> loading = new TreeSet<>();
    private boolean loadsTakeTheirTime;

    /** A collection that the fake holds. */
    private static final class Held {
        private final long id;
        private final long createdTs;
        private String name;
        private CollectionSchema schema;
        private final int shards;
        private final Map<String, String> properties = new TreeMap<>();
        private final Map<String, Long> partitions = new TreeMap<>();
        private final Map<String, TargetIndex> indexes = new TreeMap<>();
        private final Set<String> loaded = new TreeSet<>();
        private boolean wholeLoaded;

        Held(long id, long createdTs, String name, CollectionSchema schema, int shards) {
            this.id = id;
            this.createdTs = createdTs;
            this.name = name;
            this.schema = schema;
            this.shards = shards;
        }
    }

    FakeMilvus() {
        databases.put("default", new TreeMap<>());
        aliases.put("default", new TreeMap<>());
        try {
            server =
                    NettyServerBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .addService(this)
                            .build()
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "http://"
                + InetAddress.getLoopbackAddress().getHostAddress()
                + ":"
                + server.getPort();
    }

    /** Tells this time; what it makes is dated as ever. */
    synchronized void setClock(long timestamp) {
        clock = timestamp;
    }

    synchronized void setVersion(String text) {
        version = text;
    }

    /** Has the calls that came with 2.4 and 2.5, too. */
    synchronized void knowYoungerCalls() {
        younger = true;
    }

    /** Whatever is loaded from now on stays loading until {@link #finishLoad}. */
    synchronized void loadSlowly() {
        loadsTakeTheirTime = true;
    }

    synchronized void finishLoad(String collection) {
        loading.remove(collection);
    }

    synchronized void becomeNormalInstance() {
        normalInstance = true;
    }

    /** Answers every later call of this name with an error. */
    synchronized void refuse(String call, int code, String reason) {
        refusals.put(call, error(code, reason));
    }

    /** The next call of this name is done, and then this, but nobody hears of it. */
    synchronized void loseAnswer(String call, Runnable then) {
        lostAnswers.put(call, then);
    }

    synchronized void refuseNothing() {
        refusals.clear();
    }

    /** The names of the calls that change something, in order. */
    synchronized List<String> changes() {
        return List.copyOf(calls);
    }

    synchronized void forgetChanges() {
        calls.clear();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Status error(int code, String reason) {
        return Status.newBuilder().setCode(code).setReason(reason).build();
    }

    private static Status ok() {
        return Status.getDefaultInstance();
    }

    private static Status notFound(String name) {
        return error(100, "collection not found[collection=" + name + "]");
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static String db(String name) {
        return name.isEmpty() ? "default" : name;
    }

    private Held find(String db, String name) {
        Map<String, Held> there = databases.getOrDefault(db(db), Map.of());
        Held held = there.get(name);
        return held != null ? held : aliases.getOrDefault(db(db), Map.of()).get(name);
    }

    private interface Change {
        Status on(Held held);
    }

    private void change(String call, StreamObserver<Status> observer, Supplier<Status> change) {
        calls.add(call);
        Status refusal = refusals.get(call);
        Status done = refusal != null ? refusal : change.get();
        Runnable then = lostAnswers.remove(call);
        if (then == null) {
            answer(observer, done);
        } else {
            then.run();
            observer.onError(io.grpc.Status.UNAVAILABLE.asRuntimeException());
        }
    }

    /** Makes a collection without fields. */
    synchronized void make(String name, long createdTs) {
        CollectionSchema none = CollectionSchema.getDefaultInstance();
        databases.get("default").put(name, new Held(nextId++, createdTs, name, none, 1));
    }

    /** Points an alias at a collection, whatever it pointed at before. */
    synchronized void pointAlias(String alias, String collection) {
        aliases.get("default").put(alias, databases.get("default").get(collection));
    }

    /** Makes a partition anew. */
    synchronized void makeAgain(String collection, String partition) {
        databases.get("default").get(collection).partitions.put(partition, nextId++);
    }

    private void change(
            String call, String db, String name, StreamObserver<Status> observer, Change change) {
        change(
                call,
                observer,
                () -> {
                    Held held = find(db, name);
                    return held == null ? notFound(name) : change.on(held);
                });
    }

    @Override
    public synchronized void replicateMessage(
            ReplicateMessageRequest request, StreamObserver<ReplicateMessageResponse> observer) {
        Status status = refusals.get("ReplicateMessage");
        if (status == null) {
            status = ok();
            if (normalInstance) {
                status = error(1900, "deny to use the replicate message in the normal instance");
            } else if (request.getChannelName().isEmpty()) {
                status = error(1100, "invalid channel name for the replicate message request");
            }
        }
        answer(observer, ReplicateMessageResponse.newBuilder().setStatus(status).build());
    }

    @Override
    public synchronized void listDatabases(
            ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> observer) {
        answer(
                observer,
                ListDatabasesResponse.newBuilder().addAllDbNames(databases.keySet()).build());
    }

    @Override
    public synchronized void createDatabase(
            CreateDatabaseRequest request, StreamObserver<Status> observer) {
        change(
                "CreateDatabase",
                observer,
                () -> {
                    aliases.putIfAbsent(request.getDbName(), new TreeMap<>());
                    request.getPropertiesList()
                            .forEach(
                                    p ->
                                            properties(request.getDbName())
                                                    .put(p.getKey(), p.getValue()));
                    return databases.putIfAbsent(request.getDbName(), new TreeMap<>()) == null
                            ? ok()
                            : error(UNEXPECTED, "database already exist: " + request.getDbName());
                });
    }

    @Override
    public synchronized void dropDatabase(
            DropDatabaseRequest request, StreamObserver<Status> observer) {
        change(
                "DropDatabase",
                observer,
                () -> {
                    if (!databases.getOrDefault(request.getDbName(), Map.of()).isEmpty()) {
                        return error(UNEXPECTED, "database not empty");
                    }
                    databases.remove(request.getDbName());
                    return ok();
                });
    }

    private Map<String, String> properties(String db) {
        return databaseProperties.computeIfAbsent(db, name -> new TreeMap<>());
    }

    @Override
    public synchronized void describeDatabase(
            DescribeDatabaseRequest request, StreamObserver<DescribeDatabaseResponse> observer) {
        if (!younger) {
            super.describeDatabase(request, observer);
            return;
        }
        DescribeDatabaseResponse.Builder builder = DescribeDatabaseResponse.newBuilder();
        properties(request.getDbName())
                .forEach((k, v) -> builder.addProperties(SourceDouble.pair(k, v)));
        answer(observer, builder.build());
    }

    @Override
    public synchronized void alterDatabase(
            AlterDatabaseRequest request, StreamObserver<Status> observer) {
        change(
                "AlterDatabase",
                observer,
                () -> {
                    Map<String, String> there = properties(request.getDbName());
                    request.getPropertiesList().forEach(p -> there.put(p.getKey(), p.getValue()));
                    there.keySet().removeAll(request.getDeleteKeysList());
                    return ok();
                });
    }

    @Override
    public synchronized void showCollections(
            ShowCollectionsRequest request, StreamObserver<ShowCollectionsResponse> observer) {
        ShowCollectionsResponse.Builder builder = ShowCollectionsResponse.newBuilder();
        Map<String, Held> there = databases.get(db(request.getDbName()));
        if (there == null) {
            builder.setStatus(error(800, "database not found"));
        } else {
            there.values()
                    .forEach(
                            held ->
                                    builder.addCollectionNames(held.name)
                                            .addCollectionIds(held.id)
                                            .addCreatedTimestamps(held.createdTs));
        }
        answer(observer, builder.build());
    }

    @Override
    public synchronized void describeCollection(
            DescribeCollectionRequest request,
            StreamObserver<DescribeCollectionResponse> observer) {
        DescribeCollectionResponse.Builder builder = DescribeCollectionResponse.newBuilder();
        Held held = find(request.getDbName(), request.getCollectionName());
        if (held == null) {
            answer(observer, builder.setStatus(notFound(request.getCollectionName())).build());
            return;
        }
        builder.setSchema(held.schema.toBuilder().setName(held.name))
                .setCollectionID(held.id)
                .setCreatedTimestamp(held.createdTs)
                .setCollectionName(request.getCollectionName())
                .setShardsNum(held.shards)
                .setNumPartitions(held.partitions.size());
        for (int shard = 0; shard < held.shards; shard++) {
            String pchannel = "fake-rootcoord-dml_" + (held.id + shard) % 16;
            builder.addPhysicalChannelNames(pchannel)
                    .addVirtualChannelNames(pchannel + "_" + held.id + "v" + shard);
        }
        held.properties.forEach((k, v) -> builder.addProperties(SourceDouble.pair(k, v)));
        builder.addAllAliases(
                cachedAliases == null
                        ? aliasesOf(held)
                        : cachedAliases.getOrDefault(held.id, List.of()));
        answer(observer, builder.build());
    }

    private List<String> aliasesOf(Held held) {
        return aliases.values().stream()
                .flatMap(names -> names.entrySet().stream())
                .filter(entry -> entry.getValue() == held)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** From now on describes the aliases that there are now, as 2.5.18 does from its cache. */
    synchronized void describeFromCache() {
        cachedAliases = new HashMap<>();
        databases
                .values()
                .forEach(
                        names ->
                                names.values()
                                        .forEach(
                                                held ->
                                                        cachedAliases.put(
                                                                held.id, aliasesOf(held))));
    }

    @Override
    public synchronized void listAliases(
            ListAliasesRequest request, StreamObserver<ListAliasesResponse> observer) {
        ListAliasesResponse.Builder builder = ListAliasesResponse.newBuilder();
        Held held = find(request.getDbName(), request.getCollectionName());
        if (cachedAliases == null) {
            builder.setStatus(error(2, "service unavailable[reason=ListAliases unimplemented]"));
        } else if (held == null) {
            builder.setStatus(notFound(request.getCollectionName()));
        } else {
            builder.addAllAliases(aliasesOf(held));
        }
        answer(observer, builder.build());
    }

    @Override
    public synchronized void createCollection(
            CreateCollectionRequest request, StreamObserver<Status> observer) {
        change("CreateCollection", observer, () -> create(request));
    }

    private Status create(CreateCollectionRequest request) {
        Map<String, Held> there = databases.get(db(request.getDbName()));
        if (there == null) {
            return error(800, "database not found");
        }
        String name = request.getCollectionName();
        if (find(request.getDbName(), name) != null) {
            return error(UNEXPECTED, "create duplicate collection with different parameters");
        }
        if (request.getBase().getReplicateInfo().getMsgTimestamp() == 0) {
            return error(1100, "the cdc timestamp is not set");
        }
        CollectionSchema schema;
        try {
            schema = CollectionSchema.parseFrom(request.getSchema());
        } catch (InvalidProtocolBufferException e) {
            return error(UNEXPECTED, e.getMessage());
        }
        Held held =
                new Held(
                        nextId,
                        request.getBase().getReplicateInfo().getMsgTimestamp(),
                        name,
                        schema,
                        request.getShardsNum());
        nextId += 100;
        request.getPropertiesList().forEach(p -> held.properties.put(p.getKey(), p.getValue()));
        if (request.getNumPartitions() > 0) {
            for (int i = 0; i < request.getNumPartitions(); i++) {
                held.partitions.put("_default_" + i, nextId++);
            }
        } else {
            held.partitions.put("_default", nextId++);
        }
        there.put(name, held);
        return ok();
    }

    @Override
    public synchronized void dropCollection(
            DropCollectionRequest request, StreamObserver<Status> observer) {
        change(
                "DropCollection",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    if (!request.getBase().getReplicateInfo().getIsReplicate()) {
                        return error(1303, "deny to write the message to mq");
                    }
                    if (aliases.get(db(request.getDbName())).containsValue(held)) {
                        return error(UNEXPECTED, "has associated aliases"); // since 2.4
                    }
                    databases.get(db(request.getDbName())).remove(held.name);
                    return ok();
                });
    }

    @Override
    public synchronized void renameCollection(
            RenameCollectionRequest request, StreamObserver<Status> observer) {
        change(
                "RenameCollection",
                request.getDbName(),
                request.getOldName(),
                observer,
                held -> {
                    if (find(request.getNewDBName(), request.getNewName()) != null) {
                        return error(UNEXPECTED, "duplicated new collection name");
                    }
                    boolean moves = !db(request.getDbName()).equals(db(request.getNewDBName()));
                    if (moves && aliases.get(db(request.getDbName())).containsValue(held)) {
                        return error(UNEXPECTED, "must drop all aliases before rename");
                    }
                    databases.get(db(request.getDbName())).remove(held.name);
                    held.name = request.getNewName();
                    databases.get(db(request.getNewDBName())).put(held.name, held);
                    return ok();
                });
    }

    @Override
    public synchronized void alterCollection(
            AlterCollectionRequest request, StreamObserver<Status> observer) {
        change(
                "AlterCollection",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    boolean mmap =
                            request.getPropertiesList().stream()
                                    .anyMatch(p -> p.getKey().equals("mmap.enabled"));
                    if (mmap && !held.loaded.isEmpty()) { // since 2.4
                        return error(104, "can not alter mmap properties if collection loaded");
                    }
                    boolean isolated = "true".equals(held.properties.get(ISOLATION));
                    boolean isolates =
                            request.getPropertiesList()
                                    .contains(SourceDouble.pair(ISOLATION, "true"));
                    if (isolated != isolates && !held.indexes.isEmpty()) { // since 2.4
                        return error(
                                702,
                                "can not alter partition key isolation mode if the collection"
                                        + " already has a vector index");
                    }
                    if (request.getPropertiesCount() == 0) {
                        return error(UNEXPECTED, "collection properties is empty");
                    }
                    request.getPropertiesList()
                            .forEach(p -> held.properties.put(p.getKey(), p.getValue()));
                    return ok();
                });
    }

    @Override
    public synchronized void alterCollectionField(
            AlterCollectionFieldRequest request, StreamObserver<Status> observer) {
        if (!younger) {
            super.alterCollectionField(request, observer);
            return;
        }
        change(
                "AlterCollectionField",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    CollectionSchema.Builder schema = held.schema.toBuilder();
                    schema.getFieldsBuilderList().stream()
                            .filter(f -> f.getName().equals(request.getFieldName()))
                            .forEach(f -> alter(f, request.getPropertiesList()));
                    held.schema = schema.build();
                    return ok();
                });
    }

    private static void alter(FieldSchema.Builder field, List<KeyValuePair> params) {
        Map<String, String> all = new TreeMap<>();
        field.getTypeParamsList().forEach(p -> all.put(p.getKey(), p.getValue()));
        params.forEach(p -> all.put(p.getKey(), p.getValue()));
        field.clearTypeParams();
        all.forEach((k, v) -> field.addTypeParams(SourceDouble.pair(k, v)));
    }

    @Override
    public synchronized void showPartitions(
            ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
        ShowPartitionsResponse.Builder builder = ShowPartitionsResponse.newBuilder();
        Held held = find(request.getDbName(), request.getCollectionName());
        if (held == null) {
            builder.setStatus(notFound(request.getCollectionName()));
        } else {
            held.partitions.forEach(
                    (name, id) ->
                            builder.addPartitionNames(name)
                                    .addPartitionIDs(id)
                                    .addCreatedTimestamps(id));
        }
        answer(observer, builder.build());
    }

    @Override
    public synchronized void allocTimestamp(
            AllocTimestampRequest request, StreamObserver<AllocTimestampResponse> observer) {
        answer(observer, AllocTimestampResponse.newBuilder().setTimestamp(clock).build());
    }

    @Override
    public synchronized void createPartition(
            CreatePartitionRequest request, StreamObserver<Status> observer) {
        change(
                "CreatePartition",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    held.partitions.putIfAbsent(request.getPartitionName(), nextId++);
                    if (held.wholeLoaded) {
                        held.loaded.add(request.getPartitionName());
                    }
                    return ok();
                });
    }

    @Override
    public synchronized void dropPartition(
            DropPartitionRequest request, StreamObserver<Status> observer) {
        change(
                "DropPartition",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    if (held.loaded.contains(request.getPartitionName())) {
                        return error(
                                UNEXPECTED,
                                "partition cannot be dropped, partition is loaded, please"
                                        + " release it first");
                    }
                    held.partitions.remove(request.getPartitionName());
                    return ok();
                });
    }

    @Override
    public synchronized void createAlias(
            CreateAliasRequest request, StreamObserver<Status> observer) {
        change(
                "CreateAlias",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    if (find(request.getDbName(), request.getAlias()) != null) {
                        return error(1602, "is alias to another collection: alias already exist");
                    }
                    aliases.get(db(request.getDbName())).put(request.getAlias(), held);
                    return ok();
                });
    }

    @Override
    public synchronized void alterAlias(
            AlterAliasRequest request, StreamObserver<Status> observer) {
        change(
                "AlterAlias",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held ->
                        aliases.get(db(request.getDbName())).replace(request.getAlias(), held)
                                        == null
                                ? error(1600, "alias not found")
                                : ok());
    }

    @Override
    public synchronized void dropAlias(DropAliasRequest request, StreamObserver<Status> observer) {
        change(
                "DropAlias",
                observer,
                () -> {
                    aliases.get(db(request.getDbName())).remove(request.getAlias());
                    return ok();
                });
    }

    @Override
    public synchronized void describeIndex(
            DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> observer) {
        DescribeIndexResponse.Builder builder = DescribeIndexResponse.newBuilder();
        Held held = find(request.getDbName(), request.getCollectionName());
        if (held == null || held.indexes.isEmpty()) {
            builder.setStatus(error(700, "index not found"));
        } else {
            held.indexes
                    .values()
                    .forEach(
                            index ->
                                    builder.addIndexDescriptions(
                                            IndexDescription.newBuilder()
                                                    .setIndexName(index.name())
                                                    .setFieldName(index.fieldName())
                                                    .addAllParams(index.params())));
        }
        answer(observer, builder.build());
    }

    @Override
    public synchronized void createIndex(
            CreateIndexRequest request, StreamObserver<Status> observer) {
        change(
                "CreateIndex",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    TargetIndex index =
                            new TargetIndex(
                                    request.getIndexName(),
                                    request.getFieldName(),
                                    request.getExtraParamsList());
                    boolean second =
                            held.indexes.values().stream()
                                    .anyMatch(
                                            other ->
                                                    other.fieldName().equals(index.fieldName())
                                                            && !other.equals(index));
                    if (second) {
                        return error(UNEXPECTED, "creating multiple indexes on same field");
                    }
                    held.indexes.put(index.name(), index);
                    return ok();
                });
    }

    /** Shows an index of the default database with another metric than it was made with. */
    synchronized void showMetric(String collection, String index, String metric) {
        Map<String, TargetIndex> indexes = find("default", collection).indexes;
        indexes.compute(
                index,
                (name, told) ->
                        new TargetIndex(
                                name,
                                told.fieldName(),
                                List.of(SourceDouble.pair("metric_type", metric))));
    }

    @Override
    public synchronized void dropIndex(DropIndexRequest request, StreamObserver<Status> observer) {
        change(
                "DropIndex",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    if (!held.loaded.isEmpty()) {
                        return error(UNEXPECTED, "index cannot be dropped, collection is loaded");
                    }
                    held.indexes.remove(request.getIndexName());
                    return ok();
                });
    }

    @Override
    public synchronized void loadCollection(
            LoadCollectionRequest request, StreamObserver<Status> observer) {
        change(
                "LoadCollection",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    if (request.getReplicaNumber() > 1) {
                        return error(UNEXPECTED, "nodes not enough");
                    }
                    return load(held, held.partitions.keySet(), true);
                });
    }

    @Override
    public synchronized void loadPartitions(
            LoadPartitionsRequest request, StreamObserver<Status> observer) {
        change(
                "LoadPartitions",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> load(held, request.getPartitionNamesList(), held.wholeLoaded));
    }

    private Status load(Held held, Iterable<String> partitions, boolean whole) {
        if (held.indexes.isEmpty()) {
            return error(700, "index not found");
        }
        if (loadsTakeTheirTime && held.loaded.isEmpty()) {
            loading.add(held.name);
        }
        partitions.forEach(held.loaded::add);
        held.wholeLoaded = whole;
        return ok();
    }

    @Override
    public synchronized void releaseCollection(
            ReleaseCollectionRequest request, StreamObserver<Status> observer) {
        change(
                "ReleaseCollection",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    held.loaded.clear();
                    held.wholeLoaded = false;
                    return ok();
                });
    }

    @Override
    public synchronized void releasePartitions(
            ReleasePartitionsRequest request, StreamObserver<Status> observer) {
        change(
                "ReleasePartitions",
                request.getDbName(),
                request.getCollectionName(),
                observer,
                held -> {
                    held.loaded.removeAll(request.getPartitionNamesList());
                    return ok();
                });
    }

    @Override
    public synchronized void getLoadState(
            GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> observer) {
        Status refusal = refusals.get("GetLoadState");
        if (refusal != null) {
            answer(observer, GetLoadStateResponse.newBuilder().setStatus(refusal).build());
            return;
        }
        Held held = find(request.getDbName(), request.getCollectionName());
        LoadState state = LoadState.LoadStateNotExist;
        if (held != null) {
            boolean loaded =
                    !held.loaded.isEmpty()
                            && held.loaded.containsAll(request.getPartitionNamesList());
            state = loaded ? LoadState.LoadStateLoaded : LoadState.LoadStateNotLoad;
            if (loaded && loading.contains(held.name)) {
                state = LoadState.LoadStateLoading;
            }
        }
        answer(observer, GetLoadStateResponse.newBuilder().setState(state).build());
    }

    @Override
    public synchronized void getVersion(
            GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
        answer(observer, GetVersionResponse.newBuilder().setVersion(version).build());
    }
}
