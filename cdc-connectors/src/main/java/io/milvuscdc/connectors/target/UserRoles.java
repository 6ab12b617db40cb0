// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.MethodDescriptor;
import io.milvus.grpc.CreateCredentialRequest;
import io.milvus.grpc.CreatePrivilegeGroupRequest;
import io.milvus.grpc.CreateRoleRequest;
import io.milvus.grpc.DeleteCredentialRequest;
import io.milvus.grpc.DropPrivilegeGroupRequest;
import io.milvus.grpc.DropRoleRequest;
import io.milvus.grpc.GrantEntity;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.OperatePrivilegeGroupRequest;
import io.milvus.grpc.OperatePrivilegeRequest;
import io.milvus.grpc.OperatePrivilegeV2Request;
import io.milvus.grpc.OperateUserRoleRequest;
import io.milvus.grpc.Status;
import io.milvus.grpc.UpdateCredentialRequest;
import io.milvuscdc.connectors.failure.PortableCause;
import io.milvuscdc.connectors.scope.NameMapping;
import io.milvuscdc.connectors.target.TargetConnection.Accept;
import io.milvuscdc.connectors.target.TargetConnection.Call;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does at the target what was done to users, roles, grants and privilege groups at the source. The
 * source publishes these requests on its replicate channel since 2.4.10, without a timestamp; they
 * carry passwords (base64), which no log, error or text form shows. Doing one again changes
 * nothing: what is there, or gone, already counts as done.
 *
 * <p>Names of databases and collections in grants are mapped; {@code *} and empty ones stay.
 */
public final class UserRoles {

    private static final Logger LOG = LoggerFactory.getLogger(UserRoles.class);

    private static final Set<Integer> TYPES =
            Set.of(
                    MsgType.CreateCredential_VALUE,
                    MsgType.UpdateCredential_VALUE,
                    MsgType.DeleteCredential_VALUE,
                    MsgType.CreateRole_VALUE,
                    MsgType.DropRole_VALUE,
                    MsgType.OperateUserRole_VALUE,
                    MsgType.OperatePrivilege_VALUE,
                    MsgType.OperatePrivilegeV2_VALUE,
                    MsgType.CreatePrivilegeGroup_VALUE,
                    MsgType.DropPrivilegeGroup_VALUE,
                    MsgType.OperatePrivilegeGroup_VALUE);

    private static final Set<String> NOT_THERE =
            Set.of("not found", "not exist", "isn't existed", "isn't exist");

    private final TargetClient client;
    private final TargetConfig config;
    private final NameMapping names;

    /**
     * Works through a client, which stays its owner's.
     *
     * @param config of the same target
     */
    public UserRoles(TargetClient client, TargetConfig config, NameMapping names) {
        this.client = client;
        this.config = config;
        this.names = names;
    }

    /** Whether a message of this type changes users, roles, grants or privilege groups. */
    public static boolean isOfThese(int type) {
        return TYPES.contains(type);
    }

    /**
     * Does one request.
     *
     * @param type its {@code msg_type}
     * @param request the bytes that the source got
     * @return false when the target refused it as such: it says why in the log, and the rest goes
     *     on without it
     * @throws TargetException when the target doesn't answer, or lets the task's user do nothing of
     *     the kind
     */
    public boolean apply(int type, ByteString request) {
        try {
            dispatch(type, request);
            return true;
        } catch (InvalidProtocolBufferException e) {
            LOG.warn(
                    "A {} message of the source's replicate channel can't be read and is left out: {}",
                    MsgType.forNumber(type),
                    e.getMessage());
            return false;
        } catch (TargetException e) {
            boolean refused = e.kind() != TargetException.Kind.FATAL || isWrongOldPassword(type, e);
            if (!refused || e.unanswered()) {
                throw e;
            }
            if (isDone(type, request, e)) {
                return true;
            }
            LOG.warn(
                    "A change of users and roles isn't made at the target, do it there by hand: {}",
                    e.getMessage());
            return false;
        }
    }

    private void dispatch(int type, ByteString bytes) throws InvalidProtocolBufferException {
        switch (type) {
            case MsgType.CreateCredential_VALUE -> create(CreateCredentialRequest.parseFrom(bytes));
            case MsgType.UpdateCredential_VALUE -> update(UpdateCredentialRequest.parseFrom(bytes));
            case MsgType.DeleteCredential_VALUE -> delete(DeleteCredentialRequest.parseFrom(bytes));
            case MsgType.CreateRole_VALUE -> create(CreateRoleRequest.parseFrom(bytes));
            case MsgType.DropRole_VALUE -> drop(DropRoleRequest.parseFrom(bytes));
            case MsgType.OperateUserRole_VALUE -> bind(OperateUserRoleRequest.parseFrom(bytes));
            case MsgType.OperatePrivilege_VALUE -> grant(OperatePrivilegeRequest.parseFrom(bytes));
            case MsgType.OperatePrivilegeV2_VALUE ->
                    grant(OperatePrivilegeV2Request.parseFrom(bytes));
            case MsgType.CreatePrivilegeGroup_VALUE ->
                    create(CreatePrivilegeGroupRequest.parseFrom(bytes));
            case MsgType.DropPrivilegeGroup_VALUE ->
                    drop(DropPrivilegeGroupRequest.parseFrom(bytes));
            case MsgType.OperatePrivilegeGroup_VALUE ->
                    operate(OperatePrivilegeGroupRequest.parseFrom(bytes));
            default -> throw new IllegalArgumentException("no change of users or roles: " + type);
        }
    }

    private void create(CreateCredentialRequest request) {
        call(
                "CreateCredential of user " + request.getUsername(),
                MilvusServiceGrpc.getCreateCredentialMethod(),
                request.toBuilder().setBase(base(MsgType.CreateCredential)).build());
    }

    private void update(UpdateCredentialRequest request) {
        call(
                "UpdateCredential of user " + request.getUsername(),
                MilvusServiceGrpc.getUpdateCredentialMethod(),
                request.toBuilder().setBase(base(MsgType.UpdateCredential)).build());
    }

    private void delete(DeleteCredentialRequest request) {
        drop(
                "DeleteCredential of user " + request.getUsername(),
                MilvusServiceGrpc.getDeleteCredentialMethod(),
                request.toBuilder().setBase(base(MsgType.DeleteCredential)).build());
    }

    private void create(CreateRoleRequest request) {
        call(
                "CreateRole " + request.getEntity().getName(),
                MilvusServiceGrpc.getCreateRoleMethod(),
                request.toBuilder().setBase(base(MsgType.CreateRole)).build());
    }

    private void drop(DropRoleRequest request) {
        drop(
                "DropRole " + request.getRoleName(),
                MilvusServiceGrpc.getDropRoleMethod(),
                request.toBuilder().setBase(base(MsgType.DropRole)).build());
    }

    private void bind(OperateUserRoleRequest request) {
        call(
                "OperateUserRole (%s) of user %s and role %s"
                        .formatted(request.getType(), request.getUsername(), request.getRoleName()),
                MilvusServiceGrpc.getOperateUserRoleMethod(),
                request.toBuilder().setBase(base(MsgType.OperateUserRole)).build());
    }

    private void grant(OperatePrivilegeRequest request) {
        GrantEntity grant = request.getEntity();
        GrantEntity.Builder mapped = grant.toBuilder();
        if (grant.getObject().getName().equals("Collection")) {
            NameMapping.Name name = mapped(grant.getDbName(), grant.getObjectName());
            mapped.setDbName(name.database()).setObjectName(name.collection());
        } else {
            mapped.setDbName(mapped(grant.getDbName(), "*").database());
        }
        call(
                "OperatePrivilege (%s) of %s on %s %s to role %s"
                        .formatted(
                                request.getType(),
                                grant.getGrantor().getPrivilege().getName(),
                                grant.getObject().getName(),
                                mapped.getObjectName(),
                                grant.getRole().getName()),
                MilvusServiceGrpc.getOperatePrivilegeMethod(),
                request.toBuilder()
                        .setBase(base(MsgType.OperatePrivilege))
                        .setEntity(mapped)
                        .build());
    }

    private void grant(OperatePrivilegeV2Request request) {
        NameMapping.Name name = mapped(request.getDbName(), request.getCollectionName());
        call(
                "OperatePrivilegeV2 (%s) of %s on %s.%s to role %s"
                        .formatted(
                                request.getType(),
                                request.getGrantor().getPrivilege().getName(),
                                name.database(),
                                name.collection(),
                                request.getRole().getName()),
                MilvusServiceGrpc.getOperatePrivilegeV2Method(),
                request.toBuilder()
                        .setBase(base(MsgType.OperatePrivilegeV2))
                        .setDbName(name.database())
                        .setCollectionName(name.collection())
                        .build());
    }

    private void create(CreatePrivilegeGroupRequest request) {
        call(
                "CreatePrivilegeGroup " + request.getGroupName(),
                MilvusServiceGrpc.getCreatePrivilegeGroupMethod(),
                request.toBuilder().setBase(base(MsgType.CreatePrivilegeGroup)).build());
    }

    private void drop(DropPrivilegeGroupRequest request) {
        drop(
                "DropPrivilegeGroup " + request.getGroupName(),
                MilvusServiceGrpc.getDropPrivilegeGroupMethod(),
                request.toBuilder().setBase(base(MsgType.DropPrivilegeGroup)).build());
    }

    private void operate(OperatePrivilegeGroupRequest request) {
        call(
                "OperatePrivilegeGroup (%s) of group %s"
                        .formatted(request.getType(), request.getGroupName()),
                MilvusServiceGrpc.getOperatePrivilegeGroupMethod(),
                request.toBuilder().setBase(base(MsgType.OperatePrivilegeGroup)).build());
    }

    private NameMapping.Name mapped(String database, String collection) {
        if (database.equals("*")) {
            return new NameMapping.Name(database, collection);
        }
        NameMapping.Name name =
                names.collection(database.isEmpty() ? "default" : database, collection);
        boolean same = database.isEmpty() && name.database().equals("default");
        return same ? new NameMapping.Name(database, name.collection()) : name;
    }

    /** 2.4 and later answers it like a wrong login of the caller. */
    private static boolean isWrongOldPassword(int type, TargetException e) {
        return type == MsgType.UpdateCredential_VALUE
                && e.code() == StatusClassifier.NOT_AUTHENTICATED;
    }

    /** Whether it was refused because it was done before; Milvus has no codes of its own for it. */
    private boolean isDone(int type, ByteString request, TargetException refused) {
        String text = String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
        return switch (type) {
            case MsgType.DropRole_VALUE,
                    MsgType.DeleteCredential_VALUE,
                    MsgType.DropPrivilegeGroup_VALUE ->
                    NOT_THERE.stream().anyMatch(text::contains);
            case MsgType.UpdateCredential_VALUE -> isPasswordSet(request);
            default -> false;
        };
    }

    /**
     * Whether the new password opens the target already; false also where that can't be told,
     * because the target lets in everybody.
     */
    private boolean isPasswordSet(ByteString request) {
        try {
            UpdateCredentialRequest update = UpdateCredentialRequest.parseFrom(request);
            String password =
                    new String(
                            Base64.getDecoder().decode(update.getNewPassword()),
                            StandardCharsets.UTF_8);
            return opens(update.getUsername(), password)
                    && !opens(update.getUsername(), password + "-not");
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn(
                    "An UpdateCredential of the source holds no readable password: {}",
                    e.getClass().getSimpleName());
            return false;
        }
    }

    private boolean opens(String user, String password) {
        try (TargetClient other = new TargetClient(config.as(user, password))) {
            other.listDatabases();
            return true;
        } catch (FatalTargetException e) {
            return e.code() != StatusClassifier.NOT_AUTHENTICATED
                    && !PortableCause.isWrongLogin(e.getCause());
        }
    }

    private static io.milvus.grpc.MsgBase base(MsgType type) {
        return TargetClient.replicateBase(type, 0);
    }

    private <Q> void call(String what, MethodDescriptor<Q, Status> method, Q request) {
        call(what, method, Accept.DONE, request);
    }

    private <Q> void drop(String what, MethodDescriptor<Q, Status> method, Q request) {
        call(what, method, Accept.NOT_FOUND, request);
    }

    private <Q> void call(
            String what, MethodDescriptor<Q, Status> method, Accept accept, Q request) {
        client.connection()
                .change(new Call<>(what, "", method, Function.identity(), accept, true), request);
    }
}
