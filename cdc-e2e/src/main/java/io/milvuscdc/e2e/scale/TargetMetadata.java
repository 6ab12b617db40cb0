// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import io.grpc.stub.StreamObserver;
import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.GetLoadStateRequest;
import io.milvus.grpc.GetLoadStateResponse;
import io.milvus.grpc.GetMetricsRequest;
import io.milvus.grpc.GetMetricsResponse;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.LoadState;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ShowCollectionsRequest;
import io.milvus.grpc.ShowCollectionsResponse;
import io.milvus.grpc.ShowPartitionsRequest;
import io.milvus.grpc.ShowPartitionsResponse;
import io.milvus.grpc.Status;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.e2e.workload.SampleSchemas;
import io.milvuscdc.e2e.workload.WireMessages;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The questions of a replication about a target whose collections are copies already. Nothing in it
 * ever changes, and calls that would change something are unimplemented, which ends the job.
 */
final class TargetMetadata extends MilvusServiceGrpc.MilvusServiceImplBase {

    private static final int INDEX_NOT_FOUND = 700;
    private static final int COLLECTION_NOT_FOUND = 100;

    private final Map<String, SourceLayout.Collection> collections;
    private final Supplier<TargetCounts> counts;

    TargetMetadata(List<SourceLayout> layouts, Supplier<TargetCounts> counts) {
        this.collections =
                layouts.stream()
                        .flatMap(layout -> layout.collections().stream())
                        .collect(
                                Collectors.toMap(
                                        SourceLayout.Collection::name, Function.identity()));
        this.counts = counts;
    }

    @Override
    public void getMetrics(GetMetricsRequest request, StreamObserver<GetMetricsResponse> observer) {
        answer(observer, GetMetricsResponse.newBuilder().setResponse(counts.get().json()).build());
    }

    @Override
    public void listDatabases(
            ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> observer) {
        answer(observer, ListDatabasesResponse.newBuilder().addDbNames("default").build());
    }

    @Override
    public void showCollections(
            ShowCollectionsRequest request, StreamObserver<ShowCollectionsResponse> observer) {
        ShowCollectionsResponse.Builder all = ShowCollectionsResponse.newBuilder();
        for (SourceLayout.Collection collection : collections.values()) {
            all.addCollectionNames(collection.name())
                    .addCollectionIds(collection.targetId())
                    .addCreatedTimestamps(collection.createTs());
        }
        answer(observer, all.build());
    }

    @Override
    public void describeCollection(
            DescribeCollectionRequest request,
            StreamObserver<DescribeCollectionResponse> observer) {
        SourceLayout.Collection collection = collections.get(request.getCollectionName());
        DescribeCollectionResponse.Builder description = DescribeCollectionResponse.newBuilder();
        if (collection == null) {
            description.setStatus(error(COLLECTION_NOT_FOUND));
        } else {
            description
                    .setSchema(
                            SampleSchemas.small(SourceLayout.DIM).toBuilder()
                                    .setName(collection.name()))
                    .setCollectionID(collection.targetId())
                    .setCollectionName(collection.name())
                    .setCreatedTimestamp(collection.createTs())
                    .setShardsNum(collection.targetVchannels().size())
                    .addAllVirtualChannelNames(collection.targetVchannels())
                    .addAllPhysicalChannelNames(collection.targetPchannels());
        }
        answer(observer, description.build());
    }

    @Override
    public void showPartitions(
            ShowPartitionsRequest request, StreamObserver<ShowPartitionsResponse> observer) {
        SourceLayout.Collection collection = collections.get(request.getCollectionName());
        ShowPartitionsResponse.Builder partitions = ShowPartitionsResponse.newBuilder();
        if (collection == null) {
            partitions.setStatus(error(COLLECTION_NOT_FOUND));
        } else {
            partitions
                    .addPartitionNames(WireMessages.PARTITION)
                    .addPartitionIDs(collection.targetPartitionId())
                    .addCreatedTimestamps(collection.createTs());
        }
        answer(observer, partitions.build());
    }

    @Override
    public void describeIndex(
            DescribeIndexRequest request, StreamObserver<DescribeIndexResponse> observer) {
        answer(
                observer,
                DescribeIndexResponse.newBuilder().setStatus(error(INDEX_NOT_FOUND)).build());
    }

    @Override
    public void getLoadState(
            GetLoadStateRequest request, StreamObserver<GetLoadStateResponse> observer) {
        answer(
                observer,
                GetLoadStateResponse.newBuilder().setState(LoadState.LoadStateNotLoad).build());
    }

    @Override
    public void allocTimestamp(
            AllocTimestampRequest request, StreamObserver<AllocTimestampResponse> observer) {
        answer(
                observer,
                AllocTimestampResponse.newBuilder()
                        .setTimestamp(Tso.of(System.currentTimeMillis(), 0))
                        .build());
    }

    private static Status error(int code) {
        return Status.newBuilder().setCode(code).setReason("not found").build();
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
