// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import com.google.protobuf.ByteString;
import io.milvuscdc.connectors.catalogue.SourceCollection;
import io.milvuscdc.connectors.message.ChannelPosition;
import io.milvuscdc.connectors.message.MqPosition;
import io.milvuscdc.connectors.message.Tso;
import io.milvuscdc.connectors.source.ChannelEnds;
import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.StartPoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the user asked for into positions: a channel is read from the earliest one that any of
 * its collections needs, and a collection that begins later than its channel says so.
 */
final class StartPlan {

    private static final Logger LOG = LoggerFactory.getLogger(StartPlan.class);

    private static final Pattern VCHANNEL = Pattern.compile("(.+)_(\\d+)v\\d+");

    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofHours(1);

    private final SourceChannels channels;
    private final Map<String, MqPosition> begins;
    private final Map<String, MqPosition> ends;
    private final List<SourceCollection> live;

    /**
     * What the source has.
     *
     * @param begins the first position of every channel that the broker still has
     * @param ends the position after every channel's last message
     * @param live the collections that exist, asked for after {@code ends}: what was created in
     *     between lies behind them
     */
    StartPlan(
            SourceChannels channels,
            Map<String, MqPosition> begins,
            Map<String, MqPosition> ends,
            List<SourceCollection> live) {
        this.channels = channels;
        this.begins = begins;
        this.ends = ends;
        this.live = live;
    }

    /** Finds the first time tick of a pchannel at or behind a position. */
    @FunctionalInterface
    interface TickSearch {
        /** As {@link ChannelEnds#tickFrom}. */
        OptionalLong tickFrom(String pchannel, MqPosition from) throws IOException;
    }

    /**
     * Plans.
     *
     * @throws IOException in words for the user, when a position can't be read from
     */
    StartPoint of(StartRequest request) throws IOException {
        return plan(request, Map.of());
    }

    /**
     * Plans for a job whose plan isn't kept, so that it's made anew at every start, after a restore
     * as well. What means "now" must not be told then: a restored job goes on behind it, and would
     * leave out what was written in between. So a collection without a position of its own begins
     * where its channels do.
     *
     * <p>Nor is it an error what only a first start needs: by then the broker may have forgotten
     * where the job began, or all of a channel, and a collection that a position is of may be
     * dropped or renamed. If it is a first start, the source finds out about the former and ends
     * the job; the latter is in the log.
     *
     * @throws IOException in words for the user, when a position can't be one of the source's
     */
    StartPoint ofUnkept(StartRequest asked) throws IOException {
        Map<String, MqPosition> alsoRead = new HashMap<>();
        StartRequest request = withoutUnknown(asked, alsoRead);
        Map<Long, Map<String, MqPosition>> given = givenPositions(request);
        StartPoint planned =
                new StartPlan(channels, Map.of(), endsOr(request, given), live)
                        .plan(request, alsoRead);
        Map<Long, Map<String, MqPosition>> collections = new TreeMap<>();
        planned.collections()
                .forEach(
                        (id, starts) -> {
                            Map<String, MqPosition> kept = new TreeMap<>(starts);
                            if (!given.containsKey(id)) {
                                kept.replaceAll((channel, position) -> new MqPosition(0, 0));
                            }
                            collections.put(id, kept);
                        });
        return new StartPoint(planned.channels(), collections, done(asked));
    }

    /** A channel of which the broker has nothing any more ends behind all that was asked for. */
    private Map<String, MqPosition> endsOr(
            StartRequest request, Map<Long, Map<String, MqPosition>> given) {
        Map<String, MqPosition> reached = new HashMap<>();
        given.values()
                .forEach(
                        its -> its.forEach((name, at) -> reached.merge(name, at, StartPlan::last)));
        request.operations()
                .ifPresent(at -> reached.put(channels.replicateChannel(), at.position()));
        reached.putAll(ends);
        return reached;
    }

    /**
     * Leaves out positions of collections that aren't there or aren't selected by now.
     *
     * @param left filled with them, by pchannel
     */
    private StartRequest withoutUnknown(StartRequest request, Map<String, MqPosition> left) {
        Map<String, ChannelPosition> known = new HashMap<>(request.positions());
        request.positions()
                .forEach(
                        (vchannel, position) -> {
                            Matcher parts = VCHANNEL.matcher(vchannel);
                            if (parts.matches()
                                    && channels.isPchannel(parts.group(1))
                                    && replicated(vchannel, request).isEmpty()) {
                                LOG.warn(
                                        "positions: of the collection of {}, the source has none by now that the task replicates",
                                        vchannel);
                                known.remove(vchannel);
                                left.merge(
                                        parts.group(1),
                                        there(parts.group(1), position.position()),
                                        StartPlan::first);
                            }
                        });
        return new StartRequest(
                request.selection(), request.fromCollectionStart(), known, request.operations());
    }

    /**
     * Plans for a task that another program has run until now. Positions of collections that are
     * gone or no longer selected are no error: their channels are read from there, as far as the
     * broker still has it, so that drops that nobody has seen yet are. A position in the replicate
     * channel may be older than the broker remembers, as long may pass between its messages.
     *
     * <p>That program handled messages tick by tick, and a position of it is a tick or a message
     * that stands before that tick and has a later timestamp. So everything up to the first tick
     * that is found from the position on has been handled. A position whose own timestamp is 0
     * wasn't reached by it, nor was one that is its collection's first.
     *
     * @throws IOException in words for the user, when a position can't be read from
     */
    StartPoint resumed(StartRequest request, TickSearch ticks) throws IOException {
        Map<String, ChannelPosition> known = new HashMap<>();
        for (Map.Entry<String, ChannelPosition> position : request.positions().entrySet()) {
            Optional<SourceCollection> its = replicated(position.getKey(), request);
            if (its.isPresent()) {
                known.put(position.getKey(), handled(its.get(), position.getValue(), ticks));
            }
        }
        Map<String, MqPosition> alsoRead = new HashMap<>();
        request.positions()
                .forEach(
                        (vchannel, position) -> {
                            if (!known.containsKey(vchannel)) {
                                alsoRead.merge(
                                        position.channel(), there(position), StartPlan::first);
                            }
                        });
        return plan(
                new StartRequest(
                        request.selection(),
                        request.fromCollectionStart(),
                        known,
                        request.operations()
                                .map(
                                        at ->
                                                new ChannelPosition(
                                                        channels.replicateChannel(),
                                                        there(at),
                                                        at.timestamp()))),
                alsoRead);
    }

    private Optional<SourceCollection> replicated(String vchannel, StartRequest request) {
        Matcher parts = VCHANNEL.matcher(vchannel);
        return parts.matches()
                ? live.stream()
                        .filter(c -> c.id() == Long.parseLong(parts.group(2)))
                        .filter(c -> request.selection().covers(c.dbName(), c.name()))
                        .findAny()
                : Optional.empty();
    }

    private ChannelPosition handled(
            SourceCollection collection, ChannelPosition stored, TickSearch ticks)
            throws IOException {
        ByteString created = collection.startPositions().get(stored.channel());
        boolean untouched =
                stored.timestamp() == 0
                        || (created != null
                                && channels.queue()
                                        .messageIds()
                                        .decode(created)
                                        .equals(stored.position()));
        // what the broker hasn't got is told later on, in words
        boolean isThere = there(stored).equals(stored.position());
        long upTo =
                untouched || !isThere
                        ? 0
                        : ticks.tickFrom(stored.channel(), stored.position()).orElse(0);
        return new ChannelPosition(stored.channel(), stored.position(), upTo);
    }

    /** The nearest position that the broker has. */
    private MqPosition there(ChannelPosition wanted) {
        return there(wanted.channel(), wanted.position());
    }

    private MqPosition there(String channel, MqPosition wanted) {
        MqPosition begin = begins.getOrDefault(channel, new MqPosition(0, 0));
        MqPosition end = ends.getOrDefault(channel, new MqPosition(0, 0));
        return first(wanted.compareTo(begin) < 0 ? begin : wanted, end);
    }

    private StartPoint plan(StartRequest request, Map<String, MqPosition> alsoRead)
            throws IOException {
        Map<Long, Map<String, MqPosition>> given = givenPositions(request);
        Map<Long, Map<String, MqPosition>> collections = new TreeMap<>();
        Map<String, MqPosition> starts = new TreeMap<>(ends);
        alsoRead.forEach((channel, position) -> starts.merge(channel, position, StartPlan::first));
        for (SourceCollection collection : live) {
            if (!request.selection().covers(collection.dbName(), collection.name())) {
                collections.put(collection.id(), Map.of());
                continue;
            }
            Map<String, MqPosition> its = starts(collection, request, given.get(collection.id()));
            its.forEach((channel, position) -> starts.merge(channel, position, StartPlan::first));
            collections.put(collection.id(), its);
        }
        request.operations()
                .ifPresent(at -> starts.put(channels.replicateChannel(), at.position()));
        if (request.operations().isPresent()) {
            requireThere("rpc_channel_info", starts, channels.replicateChannel());
        }
        if (request.selection().coversEverything()) {
            keepLaterOnly(collections, starts);
        }
        return new StartPoint(starts, collections, done(request));
    }

    /**
     * What the given positions say is at the target already. Of two shards of one pchannel the
     * earlier timestamp counts, as the earlier position does.
     */
    private static Map<Long, Map<String, Long>> done(StartRequest request) {
        Map<Long, Map<String, Long>> done = new TreeMap<>();
        request.positions()
                .forEach(
                        (vchannel, position) -> {
                            Matcher parts = VCHANNEL.matcher(vchannel);
                            if (parts.matches()) {
                                done.computeIfAbsent(
                                                Long.parseLong(parts.group(2)),
                                                id -> new TreeMap<>())
                                        .merge(parts.group(1), position.timestamp(), Math::min);
                            }
                        });
        done.values().forEach(upTo -> upTo.values().removeIf(tso -> tso <= 0));
        done.values().removeIf(Map::isEmpty);
        return done;
    }

    private static MqPosition first(MqPosition a, MqPosition b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static MqPosition last(MqPosition a, MqPosition b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** All of the source is selected, so that nothing has to be told from what is younger. */
    private static void keepLaterOnly(
            Map<Long, Map<String, MqPosition>> collections, Map<String, MqPosition> starts) {
        collections
                .values()
                .forEach(
                        positions ->
                                positions
                                        .entrySet()
                                        .removeIf(
                                                at ->
                                                        at.getValue()
                                                                .equals(starts.get(at.getKey()))));
        collections.values().removeIf(Map::isEmpty);
    }

    private Map<String, MqPosition> starts(
            SourceCollection collection, StartRequest request, Map<String, MqPosition> given)
            throws IOException {
        String what = "collection " + collection.dbName() + "." + collection.name();
        Map<String, MqPosition> starts = new HashMap<>();
        for (String pchannel : collection.pchannels()) {
            // a channel that doesn't exist yet has nothing to leave out
            starts.put(pchannel, ends.getOrDefault(pchannel, new MqPosition(0, 0)));
        }
        if (given != null) {
            requireAll(what, starts, given);
            starts.putAll(given);
        } else if (request.readsFromStart(collection.dbName(), collection.name())) {
            for (Map.Entry<String, ByteString> start : collection.startPositions().entrySet()) {
                starts.put(start.getKey(), channels.queue().messageIds().decode(start.getValue()));
            }
        } else {
            return starts;
        }
        for (String pchannel : starts.keySet()) {
            requireThere(what, starts, pchannel);
        }
        return starts;
    }

    private static void requireAll(
            String what, Map<String, MqPosition> channelsOf, Map<String, MqPosition> given)
            throws IOException {
        for (String pchannel : channelsOf.keySet()) {
            if (!given.containsKey(pchannel)) {
                throw new IOException(
                        "positions: %s is also on channel %s, for which no position is given: give one for each of %s"
                                .formatted(what, pchannel, channelsOf.keySet()));
            }
        }
        for (String pchannel : given.keySet()) {
            if (!channelsOf.containsKey(pchannel)) {
                throw new IOException(
                        "positions: %s isn't on channel %s, but on %s"
                                .formatted(what, pchannel, channelsOf.keySet()));
            }
        }
    }

    private void requireThere(String what, Map<String, MqPosition> starts, String channel)
            throws IOException {
        MqPosition wanted = starts.get(channel);
        MqPosition begin = begins.getOrDefault(channel, new MqPosition(0, 0));
        MqPosition end = ends.getOrDefault(channel, new MqPosition(0, 0));
        if (wanted.compareTo(begin) < 0) {
            throw new IOException(
                    "%s can't be read from %s of channel %s on: the source's broker (%s) has forgotten it, its first is %s. Start it at the latest position and copy the older data by a backup"
                            .formatted(
                                    what, wanted.describe(), channel, channels, begin.describe()));
        }
        if (wanted.compareTo(end) > 0) {
            throw new IOException(
                    "%s can't be read from %s of channel %s on: the channel of the source's broker (%s) ends at %s. Is the position of this source, and was the channel made anew since?"
                            .formatted(what, wanted.describe(), channel, channels, end.describe()));
        }
    }

    /** By collection and pchannel. Two shards of one pchannel begin at the earlier position. */
    private Map<Long, Map<String, MqPosition>> givenPositions(StartRequest request)
            throws IOException {
        Map<Long, Map<String, MqPosition>> given = new HashMap<>();
        for (Map.Entry<String, ChannelPosition> position : request.positions().entrySet()) {
            Matcher vchannel = VCHANNEL.matcher(position.getKey());
            if (!vchannel.matches() || !channels.isPchannel(vchannel.group(1))) {
                throw new IOException(
                        "positions: %s is no vchannel of the source (%s): those are called <pchannel>_<collection id>v<number>"
                                .formatted(position.getKey(), channels));
            }
            long id = Long.parseLong(vchannel.group(2));
            requireSelected(position.getKey(), id, request);
            requirePast(position.getKey(), position.getValue().timestamp());
            given.computeIfAbsent(id, absent -> new HashMap<>())
                    .merge(vchannel.group(1), position.getValue().position(), StartPlan::first);
        }
        return given;
    }

    /** Everything up to the timestamp is left out, so one that is too great would lose rows. */
    private static void requirePast(String vchannel, long timestamp) throws IOException {
        Instant done = Instant.ofEpochMilli(Tso.physicalMillis(timestamp));
        if (done.isAfter(Instant.now().plus(CLOCKS_MAY_DIFFER))) {
            throw new IOException(
                    "positions: the timestamp in the position of %s (%s) lies in the future, and all before it would be left out; is the position of this source, and are the clocks right?"
                            .formatted(vchannel, done));
        }
    }

    private void requireSelected(String vchannel, long id, StartRequest request)
            throws IOException {
        Optional<SourceCollection> collection = live.stream().filter(c -> c.id() == id).findAny();
        if (collection.isEmpty()) {
            throw new IOException(
                    "positions: the source has no collection with the id of %s; was it dropped, or is the position of another source?"
                            .formatted(vchannel));
        }
        String database = collection.get().dbName();
        String name = collection.get().name();
        if (!request.selection().covers(database, name)) {
            throw new IOException(
                    "positions: %s is of collection %s.%s, which the task doesn't replicate"
                            .formatted(vchannel, database, name));
        }
    }
}
