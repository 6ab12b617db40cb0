// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.grpc.ManagedChannel;
import io.milvus.grpc.CreateDatabaseRequest;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.Status;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusAccess;
import io.milvuscdc.e2e.servers.MilvusServer;
import java.util.concurrent.TimeUnit;

/**
 * Changes a Milvus over its gRPC interface, as the stubs have it: newer clients make calls that a
 * 2.3 doesn't know.
 */
final class SourceClient implements AutoCloseable {

    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final ManagedChannel channel;

    SourceClient(MilvusServer milvus) {
        this(milvus.access());
    }

    SourceClient(MilvusAccess access) {
        this.channel = access.channel(MAX_ANSWER_BYTES);
    }

    MilvusServiceBlockingStub stub() {
        return MilvusServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The database that every Milvus has. */
    SourceDatabase defaultDatabase() {
        return new SourceDatabase(this, "default");
    }

    SourceDatabase createDatabase(String name) {
        check(
                "create database " + name,
                stub().createDatabase(CreateDatabaseRequest.newBuilder().setDbName(name).build()));
        return new SourceDatabase(this, name);
    }

    static void check(String what, Status status) {
        if (status.getCode() != 0 || !status.getReason().isEmpty()) {
            throw new IllegalStateException(
                    what + ": code " + status.getCode() + ", " + status.getReason());
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
