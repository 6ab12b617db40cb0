// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.LoadState;
import io.milvuscdc.connectors.catalogue.SourceVersion;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has copies that share a pchannel loaded one after the other. While no reader of a pchannel has
 * read anything, a Milvus before 2.4.6 takes all of them to be at the same place, and goes on from
 * the foremost: rows that the others were still to read aren't shown (Milvus issue 34255, mended by
 * pull 34562). Loads that share none go side by side. Used by one thread; calls fail with a {@link
 * TargetException}.
 */
final class LoadTurns {

    private static final Logger LOG = LoggerFactory.getLogger(LoadTurns.class);

    private static final SourceVersion MENDED = new SourceVersion(2, 4, 6);

    /**
     * After so long, and so many ticks, the readers of a load that isn't over have read; it takes
     * its time for another reason.
     */
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static final int BOUND_TICKS = 20;

    /**
     * So many ticks that are told of after something was seen, and its readers have read one. The
     * first may have been on its way before, and have left out the pchannels of a copy that wasn't
     * known yet.
     */
    private static final int READ_TICKS = 2;

    private final TargetClient client;
    private final TargetDirectory directory;
    private final LongSupplier nanoClock;

    /** By id of the target's collection. */
    private final SortedMap<Long, UnderWay> underWay = new TreeMap<>();

    /** By id of the target's collection, when a load that has come to nothing is asked for anew. */
    private final Map<Long, Long> again = new HashMap<>();

    private final Set<String> claimed = new HashSet<>();

    private long tick;
    private boolean allKnown;
    private int ticksOfThisRun;
    private Optional<Boolean> mended = Optional.empty();

    /** A load that was asked for. */
    private static final class UnderWay {
        private final long since;
        private TargetCollection copy;
        private boolean loaded;
        private int ticksSinceLoaded;
        private int ticks;
        private boolean passedOver;
        private boolean failed;
        private String refusal = "";

        private UnderWay(TargetCollection copy, long since) {
            this.copy = copy;
            this.since = since;
        }
    }

    LoadTurns(TargetClient client, TargetDirectory directory, LongSupplier nanoClock) {
        this.client = client;
        this.directory = directory;
        this.nanoClock = nanoClock;
    }

    /**
     * Looks how far the loads under way are. One is over {@value #READ_TICKS} ticks after the
     * target has said that it's loaded: its readers have read then.
     *
     * @param newTick the tick that all pchannels have got by now
     */
    void look(long newTick) {
        boolean newer = newTick > tick;
        tick = Math.max(tick, newTick);
        if (newer && allKnown) {
            ticksOfThisRun++;
        }
        underWay.values().removeIf(load -> isOver(load, newer));
        claimed.clear();
    }

    /** All copies that are there have been compared once, so that ticks go to all of them. */
    void allCopiesAreKnown() {
        allKnown = true;
    }

    private boolean isOver(UnderWay load, boolean newerTick) {
        if (newerTick) {
            load.ticks++;
            load.ticksSinceLoaded += load.loaded ? 1 : 0;
        }
        if (load.ticksSinceLoaded >= READ_TICKS) {
            return true;
        }
        Optional<TargetCollection> now = directory.findByCreateTs(load.copy.createdTs());
        if (now.isEmpty()) {
            return true;
        }
        load.copy = now.get();
        switch (state(load)) {
            case LoadStateLoaded -> load.loaded = true;
            case LoadStateNotLoad, LoadStateNotExist -> {
                again.put(load.copy.id(), load.since + BOUND.toNanos());
                return true;
            }
            default -> passOver(load);
        }
        return false;
    }

    private LoadState state(UnderWay load) {
        try {
            load.refusal = "";
            return client.loadState(load.copy.db(), load.copy.name(), List.of());
        } catch (TargetException e) {
            if (!LoadStates.isRefusal(e)) {
                throw e;
            }
            load.refusal = ": " + e.getMessage();
            return LoadState.LoadStateLoading;
        }
    }

    private void passOver(UnderWay load) {
        boolean late =
                load.ticks >= BOUND_TICKS && nanoClock.getAsLong() - load.since >= BOUND.toNanos();
        if (late && !load.passedOver) {
            load.passedOver = true;
            LOG.warn(
                    "Target collection {} isn't loaded after {} s; the loads of collections that"
                            + " share pchannels with it no longer wait for it{}",
                    load.copy.fullName(),
                    BOUND.toSeconds(),
                    load.refusal);
        }
        if (late && !load.failed && !load.refusal.isEmpty()) {
            load.failed = true;
            again.put(load.copy.id(), nanoClock.getAsLong());
        }
    }

    /**
     * The copies, by id, whose load has come to nothing, a minute or more after it was asked for:
     * the target tells nobody, so they are to be compared again. Each is named once per load.
     */
    Set<Long> failed() {
        long now = nanoClock.getAsLong();
        Set<Long> due = new HashSet<>();
        again.forEach(
                (id, at) -> {
                    if (now - at >= 0) {
                        due.add(id);
                    }
                });
        again.keySet().removeAll(due);
        return due;
    }

    /**
     * What has to be before the load of a copy begins, in words; empty when it's its turn.
     *
     * <p>What an earlier run has had loaded may not have read either, and nobody knows when that
     * was: no load begins before this one's own ticks.
     */
    Optional<String> waitsFor(TargetCollection copy) {
        Optional<String> reason =
                ticksOfThisRun < READ_TICKS
                        ? Optional.of(
                                "its load waits until what is loaded has got the first ticks of"
                                        + " this run")
                        : before(copy)
                                .map(
                                        other ->
                                                "its load waits for that of "
                                                        + other.fullName()
                                                        + ", which shares a pchannel with it at"
                                                        + " the target");
        return reason.isPresent() && isMended() ? Optional.empty() : reason;
    }

    private Optional<TargetCollection> before(TargetCollection copy) {
        return underWay.values().stream()
                .filter(load -> !load.passedOver)
                .map(load -> load.copy)
                .filter(other -> other.id() != copy.id())
                .filter(other -> sharesPchannel(other, copy))
                .findFirst();
    }

    /**
     * Whether the load of one that waits for its turn can begin now. Of those that share a pchannel
     * only the first gets it until the next {@link #look}, so that the others needn't be compared
     * again in vain.
     */
    boolean claim(TargetCollection copy) {
        boolean free = waitsFor(copy).isEmpty() && Collections.disjoint(claimed, copy.pchannels());
        if (free) {
            claimed.addAll(copy.pchannels());
        }
        return free;
    }

    private static boolean sharesPchannel(TargetCollection one, TargetCollection other) {
        return !Collections.disjoint(one.pchannels(), other.pchannels());
    }

    /** Its load is asked for now; one that is asked for anew keeps nobody waiting. */
    void begin(TargetCollection copy) {
        UnderWay load = new UnderWay(copy, nanoClock.getAsLong());
        UnderWay before = underWay.put(copy.id(), load);
        load.passedOver = before != null && before.passedOver;
    }

    /** Its load was asked for before, maybe by an earlier run of the task. */
    void seenLoading(TargetCollection copy) {
        underWay.computeIfAbsent(copy.id(), id -> new UnderWay(copy, nanoClock.getAsLong()));
    }

    /** Doubt counts as no. */
    private boolean isMended() {
        if (mended.isEmpty()) {
            try {
                mended =
                        Optional.of(
                                SourceVersion.parse(client.version())
                                        .filter(version -> version.compareTo(MENDED) >= 0)
                                        .isPresent());
            } catch (TargetException e) {
                LOG.info("The target's version isn't known: {}", e.getMessage());
                return false;
            }
        }
        return mended.get();
    }
}
