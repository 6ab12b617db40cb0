// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.store;

import java.util.Base64;

/**
 * A position as the Go tool stores it.
 *
 * @param offset in Kafka
 * @param time in ms
 */
record GoPosition(
        long collectionId, String name, String channel, long offset, long time, boolean dropped) {

    /** The map of positions, which in MySQL has a column of its own. */
    String positions() {
        byte[] id = new byte[Long.BYTES];
        for (int i = 0; i < id.length; i++) {
            id[i] = (byte) (offset >>> (8 * i));
        }
        return "{\"%s\":{\"StartTime\":0,\"Time\":%d,\"DataPair\":{\"key\":\"%s\",\"data\":\"%s\"},\"Dropped\":%b}}"
                .formatted(channel, time, channel, Base64.getEncoder().encodeToString(id), dropped);
    }

    /** The whole value of the key in etcd. */
    String json(String taskId) {
        return "{\"TaskID\":\"%s\",\"CollectionID\":%d,\"CollectionName\":\"%s\",\"Positions\":%s,\"OpPositions\":%s,\"TargetPositions\":{}}"
                .formatted(taskId, collectionId, name, positions(), positions());
    }
}
