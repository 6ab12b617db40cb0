// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows how far a task has replicated. A task that doesn't exist has no positions. */
final class PositionHandler implements RequestHandler {

    /** A target's channel has one place for all collections in it. */
    private static final long ALL_COLLECTIONS = 0;

    private final TaskStore store;
    private final PositionFinder finder;

    /** The answer; a list that would be empty is null. */
    record Shown(
            @JsonProperty("op_positions") List<Entry> operations,
            @JsonProperty("positions") List<Entry> positions,
            @JsonProperty("target_positions") List<Entry> targets,
            @JsonProperty("stored") @JsonInclude(JsonInclude.Include.NON_NULL) Stored stored) {}

    /**
     * Said when the newest checkpoint can't be read, and the positions are what was noted last.
     *
     * @param time milliseconds since 1970: when they were noted
     * @param why what's wrong with the checkpoint
     */
    record Stored(
            @JsonProperty("time") long time,
            @JsonProperty("age_seconds") long ageSeconds,
            @JsonProperty("why") String why) {}

    /**
     * One position.
     *
     * @param time milliseconds since 1970: everything before is at the target
     * @param tt {@code (time+1) << 18}, as the old tool makes it
     * @param msgId base64 {@code MsgPosition}, as create takes it
     */
    record Entry(
            @JsonProperty("collection_id") long collectionId,
            @JsonProperty("channel_name") String channel,
            @JsonProperty("time") long time,
            @JsonProperty("tt") long tt,
            @JsonProperty("msg_id") String msgId) {

        static Entry of(PositionFinder.Found found, MqMessageIds ids) {
            return of(
                    found.collectionId(),
                    found.position().channel(),
                    found.position().timestamp(),
                    found.position().toBase64(ids));
        }

        static Entry of(PositionFinder.TargetFound found) {
            return of(ALL_COLLECTIONS, found.channel(), found.timestamp(), found.position());
        }

        private static Entry of(
                long collectionId, String channel, long timestamp, String position) {
            // the tick itself may be anywhere within its millisecond, so that one isn't done yet
            long time = Math.max(0, Tso.physicalMillis(timestamp) - 1);
            return new Entry(collectionId, channel, time, Tso.of(time + 1, 0), position);
        }
    }

    PositionHandler(TaskStore store, PositionFinder finder) {
        this.store = store;
        this.finder = finder;
    }

    @Override
    public Object handle(Fields fields) throws ApiException, StoreException {
        Optional<Task> task = TaskIdRequest.of(fields, "position").find(store);
        if (task.isEmpty()) {
            return new Shown(null, null, null, null);
        }
        PositionFinder.Positions found;
        try {
            found = finder.of(task.get());
        } catch (IOException e) {
            throw ApiException.server("fail to get the task position: " + e.getMessage());
        }
        List<Entry> operations = entries(found.operations(), found.messageIds());
        List<Entry> all = entries(found.collections(), found.messageIds());
        all.addAll(operations);
        return new Shown(
                orNull(operations),
                orNull(all),
                orNull(found.targets().stream().map(Entry::of).toList()),
                found.earlier().map(PositionHandler::stored).orElse(null));
    }

    private static Stored stored(PositionFinder.Earlier earlier) {
        return new Stored(earlier.takenMillis(), earlier.ageSeconds(), earlier.why());
    }

    private static List<Entry> entries(List<PositionFinder.Found> found, MqMessageIds ids) {
        List<Entry> entries = new ArrayList<>();
        found.forEach(position -> entries.add(Entry.of(position, ids)));
        return entries;
    }

    private static List<Entry> orNull(List<Entry> entries) {
        return entries.isEmpty() ? null : entries;
    }
}
