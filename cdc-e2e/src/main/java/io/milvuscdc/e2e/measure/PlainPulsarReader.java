// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.measure;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;

/** Pulsar's own reader with its own settings, in a loop that does nothing else. */
final class PlainPulsarReader {

    private PlainPulsarReader() {}

    /** Reads messages that are there; returns how many a second, from the first to the last. */
    static double catchUp(String serviceUrl, String topic, int count) throws IOException {
        try (PulsarClient client = PulsarClient.builder().serviceUrl(serviceUrl).build();
                Reader<byte[]> reader =
                        client.newReader()
                                .topic(topic)
                                .startMessageId(MessageId.earliest)
                                .create()) {
            next(reader);
            long first = System.nanoTime();
            for (int read = 1; read < count; read++) {
                next(reader);
            }
            return (count - 1) * 1e9 / (System.nanoTime() - first);
        }
    }

    private static void next(Reader<byte[]> reader) throws PulsarClientException {
        Message<byte[]> message = reader.readNext(1, TimeUnit.MINUTES);
        if (message == null) {
            throw new IllegalStateException("No message in a minute");
        }
    }
}
