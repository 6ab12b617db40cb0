// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import static io.milvuscdc.control.api.ApiException.refuseIf;

import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.scope.CollectionPattern;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.RpcChannelInfo;
import io.milvuscdc.control.task.TaskDefinition;
import io.milvuscdc.job.StartRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where a task is to begin out of what the user asked for. */
final class StartRequests {

    private static final Pattern VCHANNEL = Pattern.compile("(.*)_(\\d{1,18})v(\\d{1,9})");

    private final MqMessageIds ids;

    StartRequests(MqMessageIds ids) {
        this.ids = ids;
    }

    StartRequest of(TaskDefinition wanted) throws ApiException {
        List<CollectionPattern> fromStart = new ArrayList<>();
        List<CollectionInfo> entries = new ArrayList<>();
        wanted.forEachEntry(
                (database, entry) -> {
                    entries.add(entry);
                    if (entry.useStartPosition()) {
                        fromStart.add(new CollectionPattern(database, entry.name()));
                    }
                });
        Map<String, ChannelPosition> positions = new TreeMap<>();
        for (CollectionInfo entry : entries) {
            addPositions(positions, entry);
        }
        return new StartRequest(
                wanted.selection(), fromStart, positions, operations(wanted.rpcChannel()));
    }

    private void addPositions(Map<String, ChannelPosition> positions, CollectionInfo entry)
            throws ApiException {
        String collectionId = "";
        for (Map.Entry<String, String> given : entry.positionsOrNone().entrySet()) {
            String vchannel = given.getKey();
            Matcher parts = VCHANNEL.matcher(vchannel);
            refuseIf(
                    !parts.matches(),
                    "the vchannel is invalid, "
                            + vchannel
                            + ", err: virtual channel name("
                            + vchannel
                            + ") is not valid: invalid parameter");
            ChannelPosition position = decode("the position data", given.getValue());
            refuseIf(
                    !collectionId.isEmpty() && !collectionId.equals(parts.group(2)),
                    "the channel position info should be in the same collection");
            collectionId = parts.group(2);
            refuseIf(
                    positions.put(vchannel, position) != null,
                    "the vchannel has a position in two collections, " + vchannel);
        }
    }

    private Optional<ChannelPosition> operations(RpcChannelInfo rpcChannel) throws ApiException {
        return rpcChannel.position().isEmpty()
                ? Optional.empty()
                : Optional.of(decode("the rpc position data", rpcChannel.position()));
    }

    private ChannelPosition decode(String what, String text) throws ApiException {
        try {
            return ChannelPosition.ofBase64(text, ids);
        } catch (IllegalArgumentException e) {
            throw ApiException.server("fail to decode " + what + ": " + e.getMessage());
        }
    }
}
