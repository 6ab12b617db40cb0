// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.MilvusConnectParam;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What's checked of a create request without asking anybody else, in the old tool's order and
 * words; the first rule that's broken is told. After them come the parts of the old API that aren't
 * there yet.
 */
final class CreateValidation {

    private final int maxNameLength;
    private final String replicateChannel;

    /**
     * Makes a check.
     *
     * @param maxNameLength in bytes
     * @param replicateChannel the source's operations channel
     */
    CreateValidation(int maxNameLength, String replicateChannel) {
        this.maxNameLength = maxNameLength;
        this.replicateChannel = replicateChannel;
    }

    void check(CreateRequest request) throws ApiException {
        checkTarget(request);
        refuseIf(request.buffer().period() < 0, "the cache period is less zero");
        refuseIf(request.buffer().size() < 0, "the cache size is less zero");
        checkSelection(request);
        String rpcName = request.rpcChannel().name();
        refuseIf(
                !rpcName.isEmpty() && !rpcName.equals(replicateChannel),
                "the rpc channel is invalid, the channel name should be the same as the source"
                        + " config");
        checkSupported(request);
        checkAddress(request.milvus());
    }

    private static void checkTarget(CreateRequest request) throws ApiException {
        MilvusConnectParam milvus = request.milvus();
        boolean kafka = !request.kafka().address().isEmpty();
        refuseIf(milvus.isAbsent() && !kafka, "the downstream address is empty");
        refuseIf(
                !milvus.isAbsent() && kafka, "don't support milvus and kafka at the same time now");
        if (kafka) {
            refuseIf(request.kafka().topic().isEmpty(), "the kafka topic is empty");
            return;
        }
        if (milvus.uri().isEmpty()) {
            refuseIf(milvus.host().isEmpty(), "the milvus host is empty");
            refuseIf(milvus.port() <= 0, "the milvus port is less or equal zero");
        }
        refuseIf(
                milvus.username().isEmpty() != milvus.password().isEmpty(),
                "cannot set only one of the milvus username and password");
        refuseIf(milvus.connectTimeout() < 0, "the milvus connect timeout is less zero");
    }

    private void checkSelection(CreateRequest request) throws ApiException {
        List<CollectionInfo> collections =
                request.collections() == null ? List.of() : request.collections();
        Map<String, List<CollectionInfo>> databases =
                request.dbCollections() == null ? Map.of() : request.dbCollections();
        refuseIf(collections.isEmpty() && databases.isEmpty(), "the collection info is empty");
        refuseIf(
                collections.size() > 1 || databases.size() > 1,
                "the collection info should be only one");
        refuseIf(
                !collections.isEmpty() && !databases.isEmpty(),
                "the collection info and db collection info should be only one");
        for (Map.Entry<String, List<CollectionInfo>> database : databases.entrySet()) {
            refuseIf(
                    bytes(database.getKey()) > maxNameLength,
                    "the db name length exceeds "
                            + maxNameLength
                            + " characters, "
                            + database.getKey());
            List<CollectionInfo> infos = database.getValue();
            refuseIf(infos == null || infos.isEmpty(), "empty collection info");
            refuseIf(infos.size() > 1, "the collection info should be only one.");
            checkCollection(infos.get(0));
        }
        for (CollectionInfo collection : collections) {
            checkCollection(collection);
        }
    }

    private void checkCollection(CollectionInfo collection) throws ApiException {
        Map<String, String> positions =
                collection.positions() == null ? Map.of() : collection.positions();
        refuseIf(
                collection.coversAll() && !positions.isEmpty(),
                "the collection name is `*`, the positions should be empty");
        for (String channel : positions.keySet()) {
            refuseIf(
                    channel.indexOf('v', channel.lastIndexOf('_') + 1) < 0
                            || channel.lastIndexOf('_') < 0,
                    "the position channel name is not virtual channel, " + channel);
        }
        refuseIf(collection.name().isEmpty(), "there is a collection name that is empty. ");
        refuseIf(
                bytes(collection.name()) > maxNameLength,
                "there are some collection names whose length exceeds "
                        + maxNameLength
                        + " characters, ["
                        + collection.name()
                        + "]");
    }

    private static void checkSupported(CreateRequest request) throws ApiException {
        List<String> later = new ArrayList<>();
        addIf(later, !request.kafka().address().isEmpty(), "kafka_connect_param");
        addIf(later, request.dbCollections() != null, "db_collections");
        addIf(later, !coversAll(request), "a collection_infos name other than *");
        addIf(later, !request.rpcChannel().position().isEmpty(), "rpc_channel_info.position");
        addIf(later, request.enableUserRole(), "extra_info.enable_user_role");
        addIf(later, request.nameMapping(), "name_mapping");
        addIf(later, request.disableAutoStart(), "disable_auto_start");
        addIf(later, !request.taskId().isEmpty(), "task_id");
        MilvusConnectParam milvus = request.milvus();
        addIf(later, !milvus.dialConfig().isEmpty(), "milvus_connect_param.dial_config");
        addIf(later, milvus.channelNum() != 0, "milvus_connect_param.channel_num");
        addIf(later, milvus.ignorePartition(), "milvus_connect_param.ignore_partition");
        refuseIf(
                !later.isEmpty(),
                String.join(", ", later)
                        + (later.size() == 1 ? " isn't supported yet" : " aren't supported yet"));
    }

    private static boolean coversAll(CreateRequest request) {
        return request.collections() == null
                || request.collections().stream().allMatch(CollectionInfo::coversAll);
    }

    private static void checkAddress(MilvusConnectParam milvus) throws ApiException {
        try {
            milvus.address();
        } catch (IllegalArgumentException e) {
            throw ApiException.client(e.getMessage());
        }
    }

    private static void addIf(List<String> names, boolean condition, String name) {
        if (condition) {
            names.add(name);
        }
    }

    private static void refuseIf(boolean broken, String message) throws ApiException {
        if (broken) {
            throw ApiException.client(message);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
