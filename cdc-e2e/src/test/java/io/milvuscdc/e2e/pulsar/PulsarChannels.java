// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.pulsar;

import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.pulsar.PulsarQueue;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.e2e.servers.PulsarServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import milvus.proto.msg.Msg;
import milvus.proto.msg.Msg.TimeTickMsg;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;

/** Channels of a Milvus that isn't there: time ticks, written the way Milvus does, or batched. */
final class PulsarChannels implements AutoCloseable {

    private final PulsarServer server;
    private final PulsarClient client;
    private final SourceChannels channels;
    private final String cluster;

    PulsarChannels(PulsarServer server, String cluster) throws PulsarClientException {
        this.server = server;
        this.cluster = cluster;
        this.client = PulsarClient.builder().serviceUrl(server.serviceUrl()).build();
        this.channels =
                new SourceChannels(
                        PulsarQueue.of(server.serviceUrl()),
                        cluster + "-rootcoord-dml",
                        cluster + "-replicate-msg");
    }

    SourceChannels channels() {
        return channels;
    }

    String pchannel(int number) {
        return cluster + "-rootcoord-dml_" + number;
    }

    /**
     * Lets a channel keep everything, as subscriptions of Milvus do; without any, a full ledger may
     * be removed before anybody has read it.
     */
    void keep(String channel) throws PulsarClientException {
        client.newConsumer().topic(channel).subscriptionName("another").subscribe().close();
    }

    /** Writes ticks with the timestamps {@code from} to {@code to}, one message each. */
    List<MessageId> write(String channel, int from, int to) throws Exception {
        try (Producer<byte[]> producer =
                client.newProducer()
                        .topic(channel)
                        .compressionType(CompressionType.ZSTD)
                        .enableBatching(false)
                        .create()) {
            return send(producer, from, to);
        }
    }

    /** The same in batches of ten. */
    List<MessageId> writeBatched(String channel, int from, int to) throws Exception {
        try (Producer<byte[]> producer =
                client.newProducer()
                        .topic(channel)
                        .compressionType(CompressionType.ZSTD)
                        .batchingMaxMessages(10)
                        .batchingMaxPublishDelay(1, TimeUnit.MINUTES)
                        .create()) {
            return send(producer, from, to);
        }
    }

    private static List<MessageId> send(Producer<byte[]> producer, int from, int to)
            throws Exception {
        List<CompletableFuture<MessageId>> sent = new ArrayList<>();
        for (int timestamp = from; timestamp <= to; timestamp++) {
            sent.add(producer.sendAsync(tick(timestamp)));
        }
        producer.flush();
        List<MessageId> ids = new ArrayList<>();
        for (CompletableFuture<MessageId> id : sent) {
            ids.add(id.get(30, TimeUnit.SECONDS));
        }
        return ids;
    }

    /** Writes one message. */
    MessageId write(String channel, byte[] message) throws PulsarClientException {
        try (Producer<byte[]> producer =
                client.newProducer().topic(channel).enableBatching(false).create()) {
            return producer.send(message);
        }
    }

    /** The creation of a collection, as far as its id. */
    static byte[] creation(long collection, long timestamp) {
        return Msg.CreateCollectionRequest.newBuilder()
                .setBase(
                        MsgBase.newBuilder()
                                .setMsgType(MsgType.CreateCollection)
                                .setTimestamp(timestamp))
                .setCollectionID(collection)
                .build()
                .toByteArray();
    }

    /** A row of a collection, without its fields. */
    static byte[] row(long collection, long timestamp) {
        return Msg.InsertRequest.newBuilder()
                .setBase(MsgBase.newBuilder().setMsgType(MsgType.Insert).setTimestamp(timestamp))
                .setShardName("shard_" + collection + "v0")
                .setCollectionID(collection)
                .addTimestamps(timestamp)
                .setNumRows(1)
                .build()
                .toByteArray();
    }

    /** A time tick as Milvus writes it. */
    static byte[] tick(long timestamp) {
        return TimeTickMsg.newBuilder()
                .setBase(MsgBase.newBuilder().setMsgType(MsgType.TimeTick).setTimestamp(timestamp))
                .build()
                .toByteArray();
    }

    /** What the broker says of a topic, as JSON. */
    String stats(String channel, String what) throws IOException, InterruptedException {
        return admin("GET", channel + "/" + what);
    }

    /** Forgets what a subscription holds. */
    void clearBacklog(String channel, String subscription)
            throws IOException, InterruptedException {
        admin("POST", channel + "/subscription/" + subscription + "/skip_all");
    }

    /** What a message TTL does; it takes what is older than a second. */
    void expire(String channel, String subscription) throws IOException, InterruptedException {
        try {
            admin("POST", channel + "/subscription/" + subscription + "/expireMessages/1");
        } catch (IOException e) {
            // it refuses while there's nothing that is old enough
            if (!e.getMessage().contains("409")) {
                throw e;
            }
        }
    }

    /** What {@code pulsar-admin topics unsubscribe -f} does. */
    void unsubscribe(String channel, String subscription) throws IOException, InterruptedException {
        admin("DELETE", channel + "/subscription/" + subscription + "?force=true");
    }

    /** Removes the ledgers that nobody needs, now; the last one stays. */
    void trim(String channel) throws IOException, InterruptedException {
        admin("POST", channel + "/trim");
    }

    /**
     * The position behind the last message that a reader from the beginning gets; empty for none.
     */
    Optional<MqPosition> endByReading(String channel) throws IOException {
        Optional<MqPosition> end = Optional.empty();
        try (Reader<byte[]> reader =
                client.newReader().topic(channel).startMessageId(MessageId.earliest).create()) {
            while (reader.hasMessageAvailable()) {
                MessageIdAdv id = (MessageIdAdv) reader.readNext().getMessageId();
                end = Optional.of(new MqPosition(id.getLedgerId(), id.getEntryId() + 1));
            }
        }
        return end;
    }

    /** Deletes a topic with all that it has. */
    void delete(String channel) throws IOException, InterruptedException {
        admin("DELETE", channel + "?force=true");
    }

    private String admin(String method, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + server.webPort()
                                                                + "/admin/v2/persistent/public/default/"
                                                                + path))
                                        .method(method, HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() throws PulsarClientException {
        client.close();
    }
}
