// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvus.grpc.CollectionSchema;
import io.milvuscdc.e2e.workload.MilvusSession;
import io.milvuscdc.e2e.workload.MilvusSession.CollectionSettings;
import io.milvuscdc.e2e.workload.SampleRows;
import io.milvuscdc.e2e.workload.SampleSchemas;

/**
 * A database that comes and goes under the same name, with a collection that has the same name each
 * time. After a call that failed nobody knows what there is: it's left alone then, and the next one
 * has another name.
 */
final class PassingDatabase {

    private static final String COLLECTION = "rows";

    private final MilvusSession milvus;
    private int names;
    private boolean there;

    PassingDatabase(MilvusSession milvus) {
        this.milvus = milvus;
    }

    /** Makes it, or drops it when it's there. */
    void change(int version) {
        String name = "passing_" + names;
        try {
            if (there) {
                milvus.inDatabase(name).dropCollection(COLLECTION);
                milvus.dropDatabase(name);
            } else {
                make(name, version);
            }
            there = !there;
        } catch (RuntimeException e) {
            names++;
            there = false;
            throw e;
        }
    }

    private void make(String name, int version) {
        CollectionSchema schema = SampleSchemas.usual(8);
        milvus.createDatabase(name);
        MilvusSession database = milvus.inDatabase(name);
        database.createCollection(COLLECTION, schema, CollectionSettings.plain());
        database.insert(COLLECTION, new SampleRows(schema, 0, 50, version));
        database.indexVectors(COLLECTION);
        database.load(COLLECTION);
    }
}
