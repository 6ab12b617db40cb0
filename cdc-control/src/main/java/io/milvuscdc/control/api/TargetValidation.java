// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.control.store.SecretCipher;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.TaskDefinition;

/** The rules for a target and for the buffer before it, in the old tool's order and words. */
final class TargetValidation {

    private TargetValidation() {}

    static void check(TaskDefinition wanted) throws ApiException {
        MilvusConnectParam milvus = wanted.milvus();
        boolean kafka = !wanted.kafka().isAbsent();
        refuseIf(milvus.isAbsent() && !kafka, "the downstream address is empty");
        refuseIf(
                !milvus.isAbsent() && kafka, "don't support milvus and kafka at the same time now");
        if (kafka) {
            refuseIf(wanted.kafka().topic().isEmpty(), "the kafka topic is empty");
        } else {
            checkMilvus(milvus);
        }
        refuseIf(wanted.buffer().period() < 0, "the cache period is less zero");
        refuseIf(wanted.buffer().size() < 0, "the cache size is less zero");
    }

    private static void checkMilvus(MilvusConnectParam milvus) throws ApiException {
        if (milvus.uri().isEmpty()) {
            refuseIf(milvus.host().isEmpty(), "the milvus host is empty");
            refuseIf(milvus.port() <= 0, "the milvus port is less or equal zero");
        }
        refuseIf(
                milvus.username().isEmpty() != milvus.password().isEmpty(),
                "cannot set only one of the milvus username and password");
        checkSecret("password", milvus.password());
        checkSecret("token", milvus.token());
        refuseIf(milvus.connectTimeout() < 0, "the milvus connect timeout is less zero");
    }

    /** Stored without a key it would be taken for an encrypted one, which no start could read. */
    private static void checkSecret(String field, String value) throws ApiException {
        refuseIf(
                SecretCipher.isSealed(value),
                "the milvus_connect_param."
                        + field
                        + " begins as what the task store has encrypted, so it can't be kept there:"
                        + " choose another one");
    }

    /** What the old tool finds out when it connects. */
    static void checkAddress(MilvusConnectParam milvus) throws ApiException {
        try {
            milvus.address();
        } catch (IllegalArgumentException e) {
            throw ApiException.client(e.getMessage());
        }
    }
}
