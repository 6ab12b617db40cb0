// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source's root coordinator for a collection's properties, because Milvus before 2.3.6
 * doesn't write those of the last AlterCollection to etcd (milvus issue 30144; seen on 2.3.5: the
 * key is put again, with what was before, and after a restart of Milvus the change is lost). Where
 * the coordinator can't be reached, what etcd says stays. Used by one thread.
 */
public final class LiveProperties implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveProperties.class);
    private static final Duration BOUND = Duration.ofSeconds(3);

    /** Not to wait for each of many collections where the coordinator can't be reached. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private static final SourceVersion CORRECT_SINCE = new SourceVersion(2, 3, 6);

    /** Of the coordinator's own service, which takes the same messages as the proxy's. */
    private static final MethodDescriptor<DescribeCollectionRequest, DescribeCollectionResponse>
            DESCRIBE =
                    MilvusServiceGrpc.getDescribeCollectionMethod().toBuilder()
                            .setFullMethodName(
                                    "milvus.proto.rootcoord.RootCoord/DescribeCollection")
                            .build();

    private static final Pattern ADDRESS = Pattern.compile("\"Address\":\\s*\"([^\"]+)\"");

    private final EtcdConnection etcd;
    private final String sessionKey;
    private ManagedChannel channel;
    private boolean needless;
    private boolean failed;
    private long failedAt;

    /** Connects with the first call. */
    public LiveProperties(EtcdConfig config) {
        this.etcd = new EtcdConnection(config);
        this.sessionKey = SourceVersion.sessionKey(config);
    }

    /** The collection with the properties that it has by now. */
    public SourceCollection refresh(SourceCollection collection) {
        boolean quiet = failed && System.nanoTime() - failedAt < QUIET.toNanos();
        if (needless || quiet || collection.state() != ObjectState.CREATED) {
            return collection;
        }
        try {
            Optional<ManagedChannel> coordinator = coordinator();
            return coordinator.isEmpty()
                    ? collection
                    : describe(coordinator.get(), collection)
                            .map(collection::withProperties)
                            .orElse(collection);
        } catch (IOException | StatusRuntimeException e) {
            disconnect();
            failedAt = System.nanoTime();
            if (!failed) {
                failed = true;
                LOG.warn(
                        "The source's root coordinator can't be asked for properties of"
                                + " collections, which Milvus before 2.3.6 writes to etcd with the"
                                + " next change only: altered ones arrive late",
                        e);
            }
            return collection;
        }
    }

    private static Optional<List<KeyValuePair>> describe(
            ManagedChannel coordinator, SourceCollection collection) {
        DescribeCollectionResponse answer =
                ClientCalls.blockingUnaryCall(
                        coordinator,
                        DESCRIBE,
                        CallOptions.DEFAULT.withDeadlineAfter(
                                BOUND.toMillis(), TimeUnit.MILLISECONDS),
                        DescribeCollectionRequest.newBuilder()
                                .setBase(
                                        MsgBase.newBuilder().setMsgType(MsgType.DescribeCollection))
                                .setDbName(collection.dbName())
                                .setCollectionID(collection.id())
                                .build());
        // no answer about it: it's gone by now
        return answer.getCollectionID() == collection.id()
                ? Optional.of(answer.getPropertiesList())
                : Optional.empty();
    }

    /** Empty when the source needs no asking. */
    private Optional<ManagedChannel> coordinator() throws IOException {
        if (channel == null) {
            EtcdValue session =
                    etcd.list(List.of(sessionKey), 0, BOUND).live().values().stream()
                            .findFirst()
                            .orElse(null);
            if (session == null) {
                throw new IOException(etcd + " holds no " + sessionKey + ": is the source down?");
            }
            String text = session.bytes().toStringUtf8();
            Matcher address = ADDRESS.matcher(text);
            needless =
                    SourceVersion.of(text).filter(v -> v.compareTo(CORRECT_SINCE) < 0).isEmpty()
                            || !address.find();
            if (needless) {
                return Optional.empty();
            }
            channel = NettyChannelBuilder.forTarget(address.group(1)).usePlaintext().build();
        }
        return Optional.of(channel);
    }

    private void disconnect() {
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
        }
    }

    @Override
    public void close() {
        disconnect();
        etcd.close();
    }
}
