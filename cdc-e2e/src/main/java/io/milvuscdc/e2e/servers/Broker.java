// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import io.milvuscdc.connectors.source.MessageQueue;
import java.util.Map;

/** The server of a message queue that a Milvus writes to. */
public interface Broker extends AutoCloseable {

    /** {@code kafka} or {@code pulsar}, as {@code mq.type} of a Milvus and {@code cdc.yaml} say. */
    String kind();

    /** What {@code sourceConfig.<kind>.address} says in {@code cdc.yaml}. */
    String address();

    /** What a Milvus is told of it, by dotted key of milvus.yaml. */
    Map<String, Object> milvusSettings();

    /** How a replication reaches it. */
    MessageQueue queue();

    /**
     * Opens a way to it that can be made bad.
     *
     * @throws ServerException when it wasn't started for that
     */
    Wire wire();

    /** As {@link #address()}, by that way. */
    String address(Wire way);

    /** Its process, for signals. */
    ServerProcess process();

    /**
     * Kills it and starts it again on the same ports and data. A Pulsar 3.0.7 doesn't come back
     * from that, a 4.0.7 does.
     */
    void killAndRestart();

    @Override
    void close();
}
