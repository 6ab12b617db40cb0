// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.ddl;

import io.milvus.grpc.AlterAliasRequest;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.CreateAliasRequest;
import io.milvus.grpc.CreateCollectionRequest;
import io.milvus.grpc.DropAliasRequest;
import io.milvus.grpc.DropDatabaseRequest;
import io.milvus.grpc.ShowCollectionsRequest;
import java.util.function.UnaryOperator;

/** A database of the source. */
final class SourceDatabase {

    private final SourceClient client;
    private final String name;

    SourceDatabase(SourceClient client, String name) {
        this.client = client;
        this.name = name;
    }

    String name() {
        return name;
    }

    SourceClient client() {
        return client;
    }

    /** Creates a collection with one shard. */
    SourceCollection create(String collection, CollectionSchema schema) {
        return create(collection, schema, request -> request);
    }

    SourceCollection create(
            String collection,
            CollectionSchema schema,
            UnaryOperator<CreateCollectionRequest.Builder> more) {
        CollectionSchema named = schema.toBuilder().setName(collection).build();
        SourceClient.check(
                "create collection " + name + "." + collection,
                client.stub()
                        .createCollection(
                                more.apply(
                                                CreateCollectionRequest.newBuilder()
                                                        .setDbName(name)
                                                        .setCollectionName(collection)
                                                        .setSchema(named.toByteString())
                                                        .setShardsNum(1))
                                        .build()));
        return new SourceCollection(this, collection, schema);
    }

    void createAlias(String alias, SourceCollection of) {
        SourceClient.check(
                "create alias " + alias,
                client.stub()
                        .createAlias(
                                CreateAliasRequest.newBuilder()
                                        .setDbName(name)
                                        .setCollectionName(of.name())
                                        .setAlias(alias)
                                        .build()));
    }

    void alterAlias(String alias, SourceCollection of) {
        SourceClient.check(
                "alter alias " + alias,
                client.stub()
                        .alterAlias(
                                AlterAliasRequest.newBuilder()
                                        .setDbName(name)
                                        .setCollectionName(of.name())
                                        .setAlias(alias)
                                        .build()));
    }

    void dropAlias(String alias) {
        SourceClient.check(
                "drop alias " + alias,
                client.stub()
                        .dropAlias(
                                DropAliasRequest.newBuilder()
                                        .setDbName(name)
                                        .setAlias(alias)
                                        .build()));
    }

    /** Drops the database with all that's in it. */
    void dropWithCollections() {
        client.stub()
                .showCollections(ShowCollectionsRequest.newBuilder().setDbName(name).build())
                .getCollectionNamesList()
                .forEach(
                        collection ->
                                new SourceCollection(
                                                this,
                                                collection,
                                                CollectionSchema.getDefaultInstance())
                                        .drop());
        drop();
    }

    void drop() {
        SourceClient.check(
                "drop database " + name,
                client.stub()
                        .dropDatabase(DropDatabaseRequest.newBuilder().setDbName(name).build()));
    }
}
