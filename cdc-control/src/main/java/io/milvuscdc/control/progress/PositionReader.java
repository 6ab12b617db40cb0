// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.progress;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqMessageIds;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.sink.CommittedPositions;
import io.milvuscdc.connectors.sink.TickMark;
import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.api.PositionFinder;
import io.milvuscdc.control.cluster.CommittedProgress;
import io.milvuscdc.control.task.LastPosition;
import io.milvuscdc.control.task.Task;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A task's positions: for every selected collection that exists, and each of its pchannels, the
 * place of the last tick up to the committed one that has nothing unsent before it. A new task that
 * begins there misses nothing, as everything before it is at the target. What follows may have been
 * sent, but the target drops copies while no newer tick has come; so take positions from a task
 * that is paused. Where a channel's tick lies before the committed one, what is between the two is
 * committed already: the position's timestamp says so, and a task that begins there leaves it out.
 *
 * <p>When the newest checkpoint can't be read, it's what was noted last ({@link LastPosition}):
 * nothing is missing from there on either, but what was committed since comes again.
 *
 * <p>A collection whose creation isn't committed yet stands at its creation, and one of a task that
 * hasn't committed anything where the task began.
 */
public final class PositionReader implements PositionFinder {

    /** Reads the source's collections. */
    @FunctionalInterface
    public interface Collections {
        List<SourceCollection> list() throws IOException;
    }

    private final CommittedProgress progress;
    private final Collections source;
    private final String replicateChannel;
    private final MqMessageIds messageIds;
    private final InstantSource clock;

    public PositionReader(
            CommittedProgress progress,
            Collections source,
            String replicateChannel,
            MqMessageIds messageIds,
            InstantSource clock) {
        this.progress = progress;
        this.source = source;
        this.replicateChannel = replicateChannel;
        this.messageIds = messageIds;
        this.clock = clock;
    }

    @Override
    public Positions of(Task task) throws IOException {
        // in this order: a collection that is made in between isn't missing, and stands at its
        // start
        Known known = known(task);
        CommittedPositions committed = known.committed();
        List<Found> collections = new ArrayList<>();
        for (SourceCollection collection : source.list()) {
            if (task.definition().selection().covers(collection.dbName(), collection.name())) {
                for (String pchannel : new TreeSet<>(collection.pchannels())) {
                    collections.add(
                            new Found(
                                    collection.id(),
                                    position(committed, task.start(), collection, pchannel)));
                }
            }
        }
        return new Positions(
                collections,
                operations(committed, task),
                targets(committed),
                messageIds,
                known.earlier());
    }

    private record Known(CommittedPositions committed, Optional<Earlier> earlier) {}

    private Known known(Task task) throws IOException {
        try {
            return new Known(progress.of(task), Optional.empty());
        } catch (IOException e) {
            if (task.last().isEmpty()) {
                throw e;
            }
            LastPosition last = task.last().get();
            Duration age = Duration.ofMillis(Math.max(0, clock.millis() - last.takenMillis()));
            return new Known(
                    CommittedPositions.of(last.committed()),
                    Optional.of(new Earlier(last.takenMillis(), age.toSeconds(), e.getMessage())));
        }
    }

    private static List<TargetFound> targets(CommittedPositions committed) throws IOException {
        List<TargetFound> targets = new ArrayList<>();
        for (Map.Entry<String, String> place : committed.targetPlaces().entrySet()) {
            try {
                ByteString id = ByteString.copyFrom(Base64.getDecoder().decode(place.getValue()));
                targets.add(
                        new TargetFound(
                                place.getKey(),
                                ChannelPosition.toBase64(place.getKey(), id),
                                committed.tick()));
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        "what the target answered as its position in "
                                + place.getKey()
                                + " isn't base64: "
                                + place.getValue(),
                        e);
            }
        }
        return targets;
    }

    private ChannelPosition position(
            CommittedPositions committed,
            StartPoint start,
            SourceCollection collection,
            String pchannel) {
        MqPosition begin = begin(start, collection, pchannel);
        Optional<TickMark> mark =
                committed.of(pchannel).filter(at -> at.tick() >= collection.createTs());
        // of what lies behind the place, all up to here is done: channels tick at their own times
        long done =
                Math.max(
                        start.doneUpTo(collection.id(), pchannel),
                        Math.max(committed.tick(), collection.createTs()));
        MqPosition at =
                mark.isPresent() && mark.get().at().compareTo(begin) > 0 ? mark.get().at() : begin;
        return new ChannelPosition(pchannel, at, done);
    }

    /** The first position whose messages of the collection belong to the task. */
    private MqPosition begin(StartPoint start, SourceCollection collection, String pchannel) {
        MqPosition ofChannel = start.channels().getOrDefault(pchannel, new MqPosition(0, 0));
        MqPosition ofTask =
                start.collections()
                        .getOrDefault(collection.id(), Map.of())
                        .getOrDefault(pchannel, ofChannel);
        ByteString created = collection.startPositions().get(pchannel);
        if (created == null) {
            return ofTask;
        }
        MqPosition ofCollection = messageIds.decode(created);
        return ofTask.compareTo(ofCollection) >= 0 ? ofTask : ofCollection;
    }

    private List<Found> operations(CommittedPositions committed, Task task) {
        Optional<TickMark> mark = committed.of(replicateChannel);
        MqPosition begin = task.start().channels().get(replicateChannel);
        if (mark.isPresent()) {
            return List.of(operations(mark.get().at(), committed.tick()));
        }
        return begin == null ? List.of() : List.of(operations(begin, 0));
    }

    private Found operations(MqPosition at, long timestamp) {
        return new Found(OPERATIONS, new ChannelPosition(replicateChannel, at, timestamp));
    }
}
