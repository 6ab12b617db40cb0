// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.grpc.StatusRuntimeException;
import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.RefusedException;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes of everything but rows that stay, one after the other: collections made, dropped, made
 * again under their names and renamed, partitions, aliases, indexes, load state, databases. What
 * fails leaves something in an unknown state; it isn't touched again, but compared like all else.
 */
final class Changes {

    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final int MOST = 6;
    private static final int DATABASES = 2;

    private final Random random;
    private final List<MilvusSession> databases = new ArrayList<>();
    private final List<Changing> alive = new ArrayList<>();
    private final PassingDatabase passing;
    private int names;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** A collection that changes; what it has beside its name follows from that. */
    private static final class Changing {
        private final MilvusSession database;
        private final CollectionSchema schema = SampleSchemas.usual(8);
        private String name;
        private String alias = "";
        private String partition = "";
        private boolean loaded;

        private Changing(MilvusSession database, String name) {
            this.database = database;
            this.name = name;
        }
    }

    Changes(MilvusSession milvus, Random random) {
        this.random = random;
        this.passing = new PassingDatabase(milvus);
        databases.add(milvus);
        for (int number = 1; number < DATABASES; number++) {
            String name = "changing_" + number;
            milvus.createDatabase(name);
            databases.add(milvus.inDatabase(name));
        }
    }

    /** One change. */
    void step(int version) {
        boolean makes = alive.isEmpty() || (alive.size() < MOST && random.nextInt(4) == 0);
        boolean passes = !makes && random.nextInt(10) == 0;
        // null is none, which a failure leaves alone
        Changing one = makes || passes ? null : alive.get(random.nextInt(alive.size()));
        try {
            if (makes) {
                alive.add(make(databases.get(random.nextInt(DATABASES)), "c" + names++, version));
            } else if (passes) {
                passing.change(version);
            } else {
                change(one, version);
            }
            done.incrementAndGet();
            Await.pause(PAUSE);
        } catch (RefusedException | StatusRuntimeException | ServerException e) {
            failed.incrementAndGet();
            alive.remove(one);
            Await.pause(MixedWorkload.BACKOFF);
        }
    }

    private void change(Changing one, int version) {
        switch (random.nextInt(10)) {
            case 0 -> drop(one);
            case 1 -> {
                drop(one);
                alive.add(make(one.database, one.name, version));
            }
            case 2 -> rename(one);
            case 3 -> partition(one, version);
            case 4 -> alias(one);
            case 5 -> index(one);
            case 6 -> load(one);
            case 7 ->
                    one.database.delete(
                            one.name,
                            "",
                            new SampleRows(one.schema, random.nextInt(200), 20, version)
                                    .keyLiterals());
            default ->
                    one.database.upsert(
                            one.name, new SampleRows(one.schema, random.nextInt(200), 20, version));
        }
    }

    private Changing make(MilvusSession database, String name, int version) {
        Changing made = new Changing(database, name);
        database.createCollection(
                name, made.schema, CollectionSettings.plain().withShards(1 + random.nextInt(2)));
        database.insert(name, new SampleRows(made.schema, 0, 100, version));
        database.indexVectors(name);
        database.load(name);
        made.loaded = true;
        database.insert(name, new SampleRows(made.schema, 100, 100, version));
        return made;
    }

    private void drop(Changing one) {
        if (!one.alias.isEmpty()) {
            one.database.dropAlias(one.alias);
            one.alias = "";
        }
        one.database.dropCollection(one.name);
        alive.remove(one);
    }

    private void rename(Changing one) {
        String name = "c" + names++;
        one.database.renameCollection(one.name, name);
        one.name = name;
    }

    private void partition(Changing one, int version) {
        if (one.partition.isEmpty()) {
            String name = "p" + random.nextInt(2);
            one.database.createPartition(one.name, name);
            one.partition = name;
            one.database.insert(one.name, name, new SampleRows(one.schema, 500, 50, version));
        } else {
            // Milvus drops no partition that is loaded
            release(one);
            one.database.dropPartition(one.name, one.partition);
            one.partition = "";
        }
    }

    private void alias(Changing one) {
        if (one.alias.isEmpty()) {
            String alias = "a" + names++;
            one.database.createAlias(alias, one.name);
            one.alias = alias;
        } else {
            one.database.dropAlias(one.alias);
            one.alias = "";
        }
    }

    private void index(Changing one) {
        release(one);
        one.database.dropIndex(one.name, SampleSchemas.VECTOR, "by_vector");
        one.database.indexVectors(one.name);
        load(one);
    }

    private void load(Changing one) {
        if (one.loaded) {
            release(one);
        } else {
            one.database.load(one.name);
            one.loaded = true;
        }
    }

    private static void release(Changing one) {
        if (one.loaded) {
            one.database.release(one.name);
            one.loaded = false;
        }
    }

    /** Somebody else has loaded all collections. */
    void allIsLoaded() {
        alive.forEach(one -> one.loaded = true);
    }

    /** How many changes Milvus has made. */
    long done() {
        return done.get();
    }

    /** How many failed, whatever became of them. */
    long failed() {
        return failed.get();
    }
}
