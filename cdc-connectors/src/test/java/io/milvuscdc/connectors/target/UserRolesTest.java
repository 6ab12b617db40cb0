// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.CreateCredentialRequest;
import io.milvus.grpc.DropRoleRequest;
import io.milvus.grpc.GrantEntity;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ObjectEntity;
import io.milvus.grpc.OperatePrivilegeRequest;
import io.milvus.grpc.OperatePrivilegeV2Request;
import io.milvus.grpc.Status;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done to a real one is in ScopeITCase; here, what one can't be brought to answer. */
final class UserRolesTest {

    private static final NameMapping NAMES =
            new NameMapping(
                    List.of(
                            new NameMapping.Entry("shop", "store", Map.of("orders", "o")),
                            new NameMapping.Entry("all", "everything", Map.of())));

    private final List<Object> requests = new ArrayList<>();
    private Status answer = Status.getDefaultInstance();
    private Server server;
    private TargetClient client;
    private UserRoles userRoles;

    private final class Target extends MilvusServiceGrpc.MilvusServiceImplBase {
        private void answer(Object request, StreamObserver<Status> observer) {
            requests.add(request);
            observer.onNext(answer);
            observer.onCompleted();
        }

        @Override
        public void createCredential(
                CreateCredentialRequest request, StreamObserver<Status> observer) {
            answer(request, observer);
        }

        @Override
        public void dropRole(DropRoleRequest request, StreamObserver<Status> observer) {
            answer(request, observer);
        }

        @Override
        public void operatePrivilege(
                OperatePrivilegeRequest request, StreamObserver<Status> observer) {
            answer(request, observer);
        }

        @Override
        public void operatePrivilegeV2(
                OperatePrivilegeV2Request request, StreamObserver<Status> observer) {
            answer(request, observer);
        }
    }

    @BeforeEach
    void start() throws Exception {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new Target())
                        .build()
                        .start();
        TargetConfig config =
                new TargetConfig(
                        "http://127.0.0.1:" + server.getPort(),
                        "",
                        TlsConfig.SYSTEM,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        1);
        client = new TargetClient(config);
        userRoles = new UserRoles(client, config, NAMES);
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void aGrantOnACollectionNamesTheTargets() {
        assertThat(grant("shop", "Collection", "orders"))
                .extracting(GrantEntity::getDbName, GrantEntity::getObjectName)
                .containsExactly("store", "o");
        assertThat(grant("all", "Collection", "*"))
                .extracting(GrantEntity::getDbName, GrantEntity::getObjectName)
                .containsExactly("everything", "*");
        assertThat(grant("*", "Collection", "orders"))
                .extracting(GrantEntity::getDbName, GrantEntity::getObjectName)
                .containsExactly("*", "orders");
        assertThat(grant("", "Global", "*"))
                .extracting(GrantEntity::getDbName, GrantEntity::getObjectName)
                .containsExactly("", "*");
    }

    @Test
    void aGrantOfTheSecondFormNamesTheTargetsToo() {
        userRoles.apply(
                MsgType.OperatePrivilegeV2_VALUE,
                OperatePrivilegeV2Request.newBuilder()
                        .setDbName("shop")
                        .setCollectionName("orders")
                        .build()
                        .toByteString());

        OperatePrivilegeV2Request sent = (OperatePrivilegeV2Request) requests.get(0);
        assertThat(sent.getDbName()).isEqualTo("store");
        assertThat(sent.getCollectionName()).isEqualTo("o");
    }

    @Test
    void whatIsThereOrGoneAlreadyCountsAsDone() {
        answer = status(65535, "user already exists:u");
        assertThat(userRoles.apply(MsgType.CreateCredential_VALUE, user())).isTrue();
        answer = status(65535, "not found the role, maybe the role isn't existed");
        assertThat(
                        userRoles.apply(
                                MsgType.DropRole_VALUE,
                                DropRoleRequest.newBuilder()
                                        .setRoleName("r")
                                        .build()
                                        .toByteString()))
                .isTrue();
    }

    @Test
    void whatIsRefusedAsSuchIsLeftOut() {
        answer = status(1100, "invalid password length");
        assertThat(userRoles.apply(MsgType.CreateCredential_VALUE, user())).isFalse();
        answer = status(65535, "user number has reached the limit");
        assertThat(userRoles.apply(MsgType.CreateCredential_VALUE, user())).isFalse();
        assertThat(
                        userRoles.apply(
                                MsgType.CreateCredential_VALUE, ByteString.copyFromUtf8("\u0007?")))
                .isFalse();
    }

    @Test
    void aTaskWhoseUserMayNotDoItIsToldSo() {
        answer = status(1401, "privilege not permitted");

        assertThatThrownBy(() -> userRoles.apply(MsgType.CreateCredential_VALUE, user()))
                .isInstanceOf(FatalTargetException.class)
                .hasMessageContaining("CreateCredential of user u")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void aTargetThatDoesNotAnswerIsNoRefusal() {
        server.shutdownNow();

        assertThatThrownBy(() -> userRoles.apply(MsgType.CreateCredential_VALUE, user()))
                .isInstanceOf(TargetException.class)
                .hasMessageNotContaining("c2VjcmV0");
    }

    private GrantEntity grant(String database, String object, String name) {
        userRoles.apply(
                MsgType.OperatePrivilege_VALUE,
                OperatePrivilegeRequest.newBuilder()
                        .setEntity(
                                GrantEntity.newBuilder()
                                        .setDbName(database)
                                        .setObjectName(name)
                                        .setObject(ObjectEntity.newBuilder().setName(object)))
                        .build()
                        .toByteString());
        return ((OperatePrivilegeRequest) requests.get(requests.size() - 1)).getEntity();
    }

    private static ByteString user() {
        return CreateCredentialRequest.newBuilder()
                .setUsername("u")
                .setPassword("c2VjcmV0")
                .build()
                .toByteString();
    }

    private static Status status(int code, String reason) {
        return Status.newBuilder().setCode(code).setReason(reason).build();
    }
}
