// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ReplicateInfo;
import io.milvus.grpc.ReplicateMessageRequest;
import io.milvus.grpc.ReplicateMessageResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.MessageRewriter;
import io.milvuscdc.connectors.message.RouteTarget;
import io.milvuscdc.connectors.message.TimeTicks;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.MilvusServer;
import io.milvuscdc.e2e.workload.MilvusSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The ceiling: what the target takes when somebody has nothing to do but to hand it messages that
 * are ready, a pchannel's in their order and one request at a time. They are the source's, with the
 * ids of a collection of the target that nobody replicates to.
 */
final class PlainCalls implements AutoCloseable {

    private static final int ANSWER_BYTES = 4 << 20;

    /** How large they are at most: as large as the task's. */
    static final long REQUEST_BYTES = 4L << 20;

    /**
     * The target's answer when it let go of a pchannel's producer, which it keeps for 30 s, while
     * this call had it in hand (internal/proxy/replicate_stream_manager.go); seen with 800 shards.
     */
    private static final String PRODUCER_CLOSED = "producer is closed";

    private final ManagedChannel channel;
    private final String name;
    private final long collectionId;
    private final long partitionId;
    private final List<String> vchannels;
    private final Map<String, ByteString> suffixes = new HashMap<>();

    private PlainCalls(
            ManagedChannel channel,
            String name,
            DescribeCollectionResponse described,
            long partitionId) {
        this.channel = channel;
        this.name = name;
        this.collectionId = described.getCollectionID();
        this.vchannels = described.getVirtualChannelNamesList().stream().toList();
        this.partitionId = partitionId;
    }

    /** Makes the collection. */
    static PlainCalls open(MilvusServer target, String name, Shape shape) {
        ManagedChannel channel = target.access().channel(ANSWER_BYTES);
        try (MilvusSession session = MilvusSession.open(target.uri())) {
            session.createCollection(
                    name,
                    shape.schema(),
                    MilvusSession.CollectionSettings.plain().withShards(shape.shards()));
        }
        MilvusServiceBlockingStub stub = stub(channel);
        return new PlainCalls(
                channel,
                name,
                stub.describeCollection(
                        DescribeCollectionRequest.newBuilder().setCollectionName(name).build()),
                stub.showPartitions(
                                ShowPartitionsRequest.newBuilder().setCollectionName(name).build())
                        .getPartitionIDs(0));
    }

    private static MilvusServiceBlockingStub stub(ManagedChannel channel) {
        return MilvusServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Requests that are ready, by pchannel, and the newest row in them. */
    static final class Prepared {
        private final Map<String, List<ReplicateMessageRequest>> requests = new TreeMap<>();
        private long newest;
    }

    /**
     * Makes the requests out of messages of the source.
     *
     * @param requestBytes how many bytes of messages a request has, if it has more than one
     */
    Prepared prepare(List<ChannelMessage> messages, long requestBytes) {
        Map<String, List<ChannelMessage>> byPchannel = new TreeMap<>();
        for (ChannelMessage message : messages) {
            byPchannel
                    .computeIfAbsent(pchannel(vchannel(message)), p -> new ArrayList<>())
                    .add(message);
        }
        Prepared prepared = new Prepared();
        byPchannel.forEach(
                (pchannel, own) ->
                        prepared.requests.put(pchannel, requests(pchannel, own, requestBytes)));
        prepared.newest = messages.stream().mapToLong(ChannelMessage::timestamp).max().orElse(0);
        return prepared;
    }

    private List<ReplicateMessageRequest> requests(
            String pchannel, List<ChannelMessage> messages, long requestBytes) {
        List<ReplicateMessageRequest> requests = new ArrayList<>();
        List<ByteString> batch = new ArrayList<>();
        long bytes = 0;
        long oldest = Long.MAX_VALUE;
        long newest = 0;
        for (ChannelMessage message : messages) {
            if (!batch.isEmpty() && bytes + message.payload().size() > requestBytes) {
                requests.add(request(pchannel, batch, oldest, newest));
                batch.clear();
                bytes = 0;
                oldest = Long.MAX_VALUE;
            }
            batch.add(MessageRewriter.rewrite(message, suffix(message)));
            bytes += message.payload().size();
            oldest = Math.min(oldest, message.timestamp());
            newest = Math.max(newest, message.timestamp());
        }
        requests.add(request(pchannel, batch, oldest, newest));
        return requests;
    }

    private ByteString suffix(ChannelMessage message) {
        return suffixes.computeIfAbsent(
                vchannel(message),
                vchannel ->
                        MessageRewriter.suffix(
                                MsgType.Insert_VALUE,
                                new RouteTarget(
                                        collectionId, partitionId, vchannel, "default", name, "")));
    }

    /** The vchannel of the same shard. */
    private String vchannel(ChannelMessage message) {
        String shard = message.vchannel().substring(message.vchannel().lastIndexOf('v'));
        return vchannels.stream().filter(own -> own.endsWith(shard)).findFirst().orElseThrow();
    }

    private static String pchannel(String vchannel) {
        return vchannel.substring(0, vchannel.lastIndexOf('_'));
    }

    private static ReplicateMessageRequest request(
            String pchannel, List<ByteString> messages, long oldest, long newest) {
        return ReplicateMessageRequest.newBuilder()
                .setBase(
                        MsgBase.newBuilder()
                                .setMsgType(MsgType.Replicate)
                                .setReplicateInfo(
                                        ReplicateInfo.newBuilder()
                                                .setIsReplicate(true)
                                                .setMsgTimestamp(newest)))
                .setChannelName(pchannel)
                .setBeginTs(oldest)
                .setEndTs(newest)
                .addAllMsgs(messages)
                .build();
    }

    /** Sends them, all pchannels side by side, and no tick. */
    void send(Prepared prepared) throws InterruptedException, ExecutionException {
        sideBySide(prepared, requests -> requests.forEach(this::send));
    }

    /** Sends them, all pchannels side by side, with a tick every so often and at the end. */
    void sendWithTicks(Prepared prepared, Duration between)
            throws InterruptedException, ExecutionException {
        sideBySide(prepared, requests -> sendWithTicks(requests, between));
    }

    private void sendWithTicks(List<ReplicateMessageRequest> requests, Duration between) {
        long ticked = System.nanoTime();
        for (ReplicateMessageRequest request : requests) {
            send(request);
            if (System.nanoTime() - ticked > between.toNanos()) {
                ticked = System.nanoTime();
                send(tick(request.getChannelName(), request.getEndTs()));
            }
        }
        ReplicateMessageRequest last = requests.get(requests.size() - 1);
        send(tick(last.getChannelName(), last.getEndTs()));
    }

    private static void sideBySide(
            Prepared prepared, Consumer<List<ReplicateMessageRequest>> sender)
            throws InterruptedException, ExecutionException {
        SideBySide.run(
                prepared.requests.size(),
                prepared.requests.values().stream()
                        .<Runnable>map(requests -> () -> sender.accept(requests))
                        .toList());
    }

    /** Lets the target go on behind rows that were sent, where nobody else does. */
    void tick(Prepared prepared, Set<String> ticked) {
        prepared.requests.keySet().stream()
                .filter(pchannel -> !ticked.contains(pchannel))
                .forEach(pchannel -> send(tick(pchannel, prepared.newest)));
    }

    private static ReplicateMessageRequest tick(String pchannel, long tso) {
        return request(pchannel, List.of(TimeTicks.message(tso)), tso, tso);
    }

    private void send(ReplicateMessageRequest request) {
        ReplicateMessageResponse answer = stub(channel).replicateMessage(request);
        if (answer.getStatus().getReason().contains(PRODUCER_CLOSED)) {
            answer = stub(channel).replicateMessage(request);
        }
        if (answer.getStatus().getCode() != 0) {
            throw new IllegalStateException(
                    "ReplicateMessage to " + request.getChannelName() + ": " + answer.getStatus());
        }
    }

    /** Whether none of these pchannels is its own. */
    boolean isApartFrom(Set<String> pchannels) {
        return vchannels.stream().map(PlainCalls::pchannel).noneMatch(pchannels::contains);
    }

    /** Whether a message of the target's queue is one of these. */
    boolean isOwn(ChannelMessage message) {
        return message.collectionId() == collectionId;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
