// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

/**
 * What a backend keeps of one task. Its text form shows no value, as that holds passwords.
 *
 * @param key where it is, for messages to people
 * @param json the value
 * @param version changes with every write; 0 where the backend compares values instead
 */
record StoredRecord(String taskId, String key, String json, long version) {

    @Override
    public String toString() {
        return key;
    }
}
