// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.milvus.grpc.CreateCredentialRequest;
import io.milvus.grpc.CreateRoleRequest;
import io.milvus.grpc.DeleteCredentialRequest;
import io.milvus.grpc.DropRoleRequest;
import io.milvus.grpc.GrantEntity;
import io.milvus.grpc.GrantorEntity;
import io.milvus.grpc.ListCredUsersRequest;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ObjectEntity;
import io.milvus.grpc.OperatePrivilegeRequest;
import io.milvus.grpc.OperatePrivilegeType;
import io.milvus.grpc.OperateUserRoleRequest;
import io.milvus.grpc.OperateUserRoleType;
import io.milvus.grpc.PrivilegeEntity;
import io.milvus.grpc.RoleEntity;
import io.milvus.grpc.SelectGrantRequest;
import io.milvus.grpc.SelectUserRequest;
import io.milvus.grpc.UpdateCredentialRequest;
import io.milvus.grpc.UserEntity;
import io.milvuscdc.connectors.catalogue.SourceCatalogue;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.scope.ReplicationScope;
import io.milvuscdc.connectors.scope.Selection;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.e2e.servers.MilvusAccess;
import io.milvuscdc.e2e.servers.SourceQueue;
import io.milvuscdc.job.StartRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tasks that replicate a part of a real source, under other names, from other positions. One pair
 * of servers for all, and one task at a time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ParameterizedClass
@ValueSource(strings = {"kafka", "pulsar"})
final class ScopeITCase {

    /** So many that collections share all of Milvus' 16 pchannels. */
    private static final int SHARDS = 8;

    private static final String PASSWORD = "planted-old-1";
    private static final String NEW_PASSWORD = "planted-new-2";

    @Parameter String queue;

    private ReplicatedPair pair;
    private ScopedTarget target;
    private SourceClient targetClient;

    @BeforeParameterizedClassInvocation
    void startServers() throws Exception {
        pair =
                ReplicatedPair.start(
                        "scope-" + queue,
                        new Configuration(),
                        SourceQueue.named(queue),
                        options ->
                                options.name().equals("target")
                                        ? options.withLogin("root:Milvus")
                                        : options);
        target = new ScopedTarget(pair);
        targetClient = new SourceClient(pair.servers().target());
    }

    @AfterEach
    void stopTask() throws Exception {
        pair.replication().cancel();
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        if (pair != null) {
            targetClient.close();
            target.close();
            pair.close();
        }
    }

    @Test
    void aTaskReplicatesWhatItSelectsUnderTheTargetsNamesFromWhereItIsTold() throws Exception {
        target.ignoreWhatIsThere();
        SourceDatabase shop = pair.source().createDatabase("shop");
        SourceDatabase stock = pair.source().createDatabase("stock");
        SourceCollection orders = loaded(shop, "orders").insert(SampleRows.of(0, 40));
        SourceCollection secret = loaded(shop, "secret").insert(SampleRows.of(0, 40));
        SourceCollection late = loaded(shop, "late").insert(SampleRows.of(0, 40));
        SourceCollection items = loaded(stock, "items").insert(SampleRows.of(0, 40));
        SourceCollection other = loaded(stock, "other").insert(SampleRows.of(0, 40));
        Map<String, ChannelPosition> positions = endsOf("late");
        late.insert(SampleRows.of(100, 30));

        Selection selection =
                new Selection(
                        List.of(
                                new CollectionPattern("shop", "*"),
                                new CollectionPattern("stock", "items"),
                                new CollectionPattern("*", "everywhere"),
                                new CollectionPattern("gone", "*")),
                        List.of(new CollectionPattern("shop", "secret")));
        pair.startTask(
                new ReplicationScope(
                        selection,
                        new NameMapping(
                                List.of(
                                        new NameMapping.Entry("shop", "store", Map.of()),
                                        new NameMapping.Entry(
                                                "stock", "depot", Map.of("items", "things")))),
                        false,
                        false),
                new StartRequest(
                        selection,
                        List.of(new CollectionPattern("shop", "*")),
                        positions,
                        Optional.empty()));
        SourceDatabase gone = pair.source().createDatabase("gone");

        items.insert(SampleRows.of(40, 10));
        target.awaitCount("store", "orders", 40);
        target.awaitCount("store", "late", 30);
        target.awaitCount("depot", "things", 10);
        target.until("an empty database that is selected", () -> databases().contains("gone"));

        changeEverything(shop, stock, orders, secret, other);
        late.delete("id in " + keys(0, 40));
        items.delete("id in " + keys(0, 40));
        SourceDatabase later = pair.source().createDatabase("later");
        loaded(later, "everywhere").insert(SampleRows.of(0, 20));
        loaded(later, "nowhere").insert(SampleRows.of(0, 20));
        loaded(shop, "fresh").insert(SampleRows.of(0, 20));
        gone.drop();
        Map<String, String> names =
                new HashMap<>(
                        Map.of(
                                "shop.orders", "store.orders",
                                "shop.late", "store.late",
                                "shop.fresh", "store.fresh",
                                "stock.items", "depot.things",
                                "later.everywhere", "later.everywhere"));
        target.awaitExactly(Set.of("store", "depot", "later"), names);

        SourceCollection renamedOut = items.rename("items_old").insert(SampleRows.of(200, 10));
        SourceCollection renamedIn = other.rename("items").insert(SampleRows.of(200, 10));
        names.remove("stock.items");
        names.put("stock.items_old", "stock.items_old");
        target.awaitExactly(Set.of("store", "depot", "later", "stock"), names);

        String savepoint = pair.replication().stop();
        renamedOut.insert(SampleRows.of(300, 10));
        renamedIn.insert(SampleRows.of(300, 10));
        loaded(shop, "made_while_stopped").insert(SampleRows.of(0, 5));
        pair.resume(savepoint);
        names.put("shop.made_while_stopped", "store.made_while_stopped");
        target.awaitExactly(Set.of("store", "depot", "later", "stock"), names);

        shop.dropWithCollections();
        stock.dropWithCollections();
        names.keySet().retainAll(Set.of("later.everywhere"));
        target.awaitExactly(Set.of("depot", "later", "stock"), names);
        later.dropWithCollections();
    }

    /** Every kind of change, also of what isn't selected. */
    private static void changeEverything(
            SourceDatabase shop,
            SourceDatabase stock,
            SourceCollection orders,
            SourceCollection secret,
            SourceCollection other) {
        for (SourceCollection collection : List.of(orders, secret, other)) {
            collection
                    .createPartition("p")
                    .createPartition("goes")
                    .insert("p", SampleRows.of(500, 20))
                    .insert("goes", SampleRows.of(600, 20))
                    .delete("id in [1, 2]")
                    .upsert(SampleRows.of(5, 5).version(1))
                    .flush()
                    .releasePartitions("goes")
                    .dropPartition("goes");
        }
        shop.createAlias("newest", orders);
        shop.createAlias("hidden", secret);
        stock.createAlias("hidden", other);
        secret.release().dropIndex(Schemas.VECTOR, "idx_" + Schemas.VECTOR).drop();
    }

    @Test
    void ignoredPartitionsAreNeitherMadeNorDroppedAndNoRowIsLost() throws Exception {
        SourceDatabase parts = pair.source().createDatabase("parts");
        SourceCollection rows =
                loaded(parts, "rows")
                        .createPartition("a")
                        .insert("a", SampleRows.of(0, 20))
                        .insert(SampleRows.of(20, 5));
        parts.create("keyed", Schemas.int64PartitionKey())
                .index()
                .load()
                .insert(SampleRows.of(0, 50));
        Selection selection =
                new Selection(List.of(new CollectionPattern("parts", "*")), List.of());
        pair.startTask(
                new ReplicationScope(selection, NameMapping.NONE, true, false),
                new StartRequest(selection, selection.included(), Map.of(), Optional.empty()));
        target.awaitCount("parts", "rows", 25);
        target.awaitCount("parts", "keyed", 50);

        new SourceCollection(new SourceDatabase(targetClient, "parts"), "rows", Schemas.plain())
                .createPartition("b");
        rows.createPartition("b")
                .insert("b", SampleRows.of(100, 10))
                .delete("a", "id in [0, 1]")
                .delete("b", "id in [100]");
        target.awaitCount("parts", "rows", 32);
        assertThat(target.content("parts", "rows").partitions().get("b").count()).contains(9L);

        rows.releasePartitions("a").dropPartition("a").insert(SampleRows.of(200, 1));
        target.awaitCount("parts", "rows", 33);
        assertThat(target.content("parts", "rows").partitions()).containsOnlyKeys("_default", "b");
        parts.dropWithCollections();
        target.until("the database to be dropped", () -> !databases().contains("parts"));
    }

    @Test
    void usersRolesAndGrantsAreReplicatedInOrderAndOnce() throws Exception {
        SourceDatabase access = pair.source().createDatabase("access");
        loaded(access, "rows").insert(SampleRows.of(0, 3));
        Selection selection =
                new Selection(List.of(new CollectionPattern("access", "*")), List.of());
        NameMapping names =
                new NameMapping(
                        List.of(
                                new NameMapping.Entry(
                                        "access", "access_2", Map.of("rows", "rows_2"))));
        try (LogLines lines = LogLines.of("io.milvuscdc")) {
            pair.startTask(
                    new ReplicationScope(selection, names, false, true),
                    new StartRequest(selection, selection.included(), Map.of(), Optional.empty()));
            produce(usersAndRoles("last"));
            produce(usersAndRoles("last_again"));
            target.until("the last of the users", () -> users().contains("last_again"));

            assertThat(users()).contains("reader").doesNotContain("dropped");
            assertThat(rolesOf("reader")).containsExactly("reads");
            assertThat(grantsOf("reads"))
                    .extracting(GrantEntity::getDbName, GrantEntity::getObjectName)
                    .containsExactly(tuple("access_2", "rows_2"));
            assertThat(opens(NEW_PASSWORD)).isTrue();
            assertThat(opens(PASSWORD)).isFalse();
            assertThat(lines.lines())
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("planted"))
                    .noneMatch(line -> line.contains("do it there by hand"))
                    .noneMatch(line -> line.contains(base64(PASSWORD).substring(0, 8)));
        }
        access.dropWithCollections();
    }

    /** Whether the replicated user gets in; what the user may do there doesn't matter. */
    private boolean opens(String password) {
        MilvusAccess reader =
                new MilvusAccess(
                        pair.servers().target().uri(), "reader:" + password, TlsConfig.SYSTEM);
        try (SourceClient client = new SourceClient(reader)) {
            return client.stub().listDatabases(ListDatabasesRequest.getDefaultInstance()) != null;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
        }
    }

    /** As the proxy of a 2.4.10 publishes them: the requests, without a timestamp. */
    private static List<MessageLite> usersAndRoles(String last) {
        List<MessageLite> messages = new ArrayList<>();
        messages.add(user("reader", PASSWORD));
        messages.add(user("dropped", PASSWORD));
        messages.add(
                CreateRoleRequest.newBuilder()
                        .setBase(base(MsgType.CreateRole))
                        .setEntity(RoleEntity.newBuilder().setName("reads"))
                        .build());
        messages.add(
                OperateUserRoleRequest.newBuilder()
                        .setBase(base(MsgType.OperateUserRole))
                        .setUsername("reader")
                        .setRoleName("reads")
                        .setType(OperateUserRoleType.AddUserToRole)
                        .build());
        messages.add(
                OperatePrivilegeRequest.newBuilder()
                        .setBase(base(MsgType.OperatePrivilege))
                        .setType(OperatePrivilegeType.Grant)
                        .setEntity(
                                GrantEntity.newBuilder()
                                        .setRole(RoleEntity.newBuilder().setName("reads"))
                                        .setObject(ObjectEntity.newBuilder().setName("Collection"))
                                        .setObjectName("rows")
                                        .setDbName("access")
                                        .setGrantor(
                                                GrantorEntity.newBuilder()
                                                        .setUser(
                                                                UserEntity.newBuilder()
                                                                        .setName("root"))
                                                        .setPrivilege(
                                                                PrivilegeEntity.newBuilder()
                                                                        .setName("Search"))))
                        .build());
        messages.add(change(PASSWORD, NEW_PASSWORD));
        messages.add(
                DeleteCredentialRequest.newBuilder()
                        .setBase(base(MsgType.DeleteCredential))
                        .setUsername("dropped")
                        .build());
        messages.add(
                DropRoleRequest.newBuilder()
                        .setBase(base(MsgType.DropRole))
                        .setRoleName("never_made")
                        .build());
        messages.add(user(last, PASSWORD));
        return messages;
    }

    private static CreateCredentialRequest user(String name, String password) {
        return CreateCredentialRequest.newBuilder()
                .setBase(base(MsgType.CreateCredential))
                .setUsername(name)
                .setPassword(base64(password))
                .build();
    }

    private static UpdateCredentialRequest change(String from, String to) {
        return UpdateCredentialRequest.newBuilder()
                .setBase(base(MsgType.UpdateCredential))
                .setUsername("reader")
                .setOldPassword(base64(from))
                .setNewPassword(base64(to))
                .build();
    }

    private static MsgBase base(MsgType type) {
        return MsgBase.newBuilder().setMsgType(type).build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void produce(List<MessageLite> messages) throws Exception {
        try (QueueWriter writer = QueueWriter.to(pair.channels())) {
            for (MessageLite message : messages) {
                writer.write(pair.channels().replicateChannel(), message.toByteArray());
            }
        }
    }

    private List<String> users() {
        return targetClient
                .stub()
                .listCredUsers(ListCredUsersRequest.getDefaultInstance())
                .getUsernamesList();
    }

    private List<String> rolesOf(String user) {
        return targetClient
                .stub()
                .selectUser(
                        SelectUserRequest.newBuilder()
                                .setUser(UserEntity.newBuilder().setName(user))
                                .setIncludeRoleInfo(true)
                                .build())
                .getResults(0)
                .getRolesList()
                .stream()
                .map(RoleEntity::getName)
                .toList();
    }

    private List<GrantEntity> grantsOf(String role) {
        return targetClient
                .stub()
                .selectGrant(
                        SelectGrantRequest.newBuilder()
                                .setEntity(
                                        GrantEntity.newBuilder()
                                                .setRole(RoleEntity.newBuilder().setName(role))
                                                .setDbName("access_2"))
                                .build())
                .getEntitiesList();
    }

    private List<String> databases() {
        return targetClient
                .stub()
                .listDatabases(ListDatabasesRequest.getDefaultInstance())
                .getDbNamesList();
    }

    private static SourceCollection loaded(SourceDatabase database, String name) {
        return database.create(name, Schemas.plain(), request -> request.setShardsNum(SHARDS))
                .index()
                .load();
    }

    private static String keys(int first, int count) {
        List<Integer> keys = new ArrayList<>();
        for (int key = first; key < first + count; key++) {
            keys.add(key);
        }
        return keys.toString();
    }

    /** The positions after all that was written to a collection so far. */
    private Map<String, ChannelPosition> endsOf(String collection) throws IOException {
        Map<String, ChannelPosition> positions = new HashMap<>();
        try (SourceCatalogue catalogue = SourceCatalogue.open(pair.etcd());
                ChannelEnds broker = pair.channels().queue().ends(pair.channels())) {
            Map<String, MqPosition> ends = broker.ends();
            catalogue.collections().stream()
                    .filter(c -> c.name().equals(collection))
                    .flatMap(c -> c.vchannels().stream())
                    .forEach(
                            vchannel -> {
                                String pchannel = vchannel.substring(0, vchannel.lastIndexOf('_'));
                                positions.put(
                                        vchannel,
                                        new ChannelPosition(pchannel, ends.get(pchannel), 0));
                            });
        }
        return positions;
    }
}
