// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source collections whose copies aren't equal yet, why, and when to try again: what only waits
 * at once, what fails after a growing delay. Used by one thread.
 */
final class PendingWork {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataReconciler.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration MAX_DELAY = Duration.ofSeconds(30);

    /**
     * One collection's.
     *
     * @param delay how long what failed is left alone, zero when nothing did
     * @param notBefore when that's over
     * @param waits whether it's looked at before, too, because another part of it only waits
     * @param turn asked each time before it's tried again
     */
    private record Left(
            String why, Duration delay, long notBefore, boolean waits, BooleanSupplier turn) {}

    private final LongSupplier nanoClock;
    private final Map<Long, Left> left = new TreeMap<>();
    private final Map<Long, Left> before = new TreeMap<>();

    PendingWork(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Starts over with some collections: what isn't reported again is done. */
    void begin(Set<Long> ids) {
        before.clear();
        for (long id : ids) {
            Left was = left.remove(id);
            if (was != null) {
                before.put(id, was);
            }
        }
    }

    /** Something else has to happen first. */
    void waits(SourceCollection source, String why) {
        waitsForTurn(source, why, () -> true);
    }

    /**
     * Nothing is left but what has to wait for its turn.
     *
     * @param turn asked each time before it's tried again, in the order of the ids
     */
    void waitsForTurn(SourceCollection source, String why, BooleanSupplier turn) {
        put(source, new Left(text(source, why), Duration.ZERO, nanoClock.getAsLong(), true, turn));
    }

    /** The target refused it for now. */
    void failed(SourceCollection source, String why) {
        failed(source, why, false);
    }

    /** The target refused a part of it for now, and another part only waits. */
    void failedAndWaits(SourceCollection source, String why) {
        failed(source, why, true);
    }

    private void failed(SourceCollection source, String why, boolean waits) {
        Left was = before.get(source.id());
        long now = nanoClock.getAsLong();
        if (was != null && now - was.notBefore() < 0) {
            // looked at early, for something else: the delay neither grows nor begins again
            put(source, failed(source, why, was.delay(), was.notBefore(), waits));
            return;
        }
        Duration grown =
                was == null || was.delay().isZero() ? FIRST_DELAY : was.delay().multipliedBy(2);
        Duration delay = grown.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : grown;
        put(source, failed(source, why, delay, now + delay.toNanos(), waits));
    }

    /** The ids that it's time to try again. */
    Set<Long> due() {
        long now = nanoClock.getAsLong();
        Set<Long> due = new HashSet<>();
        left.forEach(
                (id, entry) -> {
                    if ((entry.waits() || now - entry.notBefore() >= 0)
                            && entry.turn().getAsBoolean()) {
                        due.add(id);
                    }
                });
        return due;
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        left.values().forEach(entry -> texts.add(entry.why()));
        return texts;
    }

    private static Left failed(
            SourceCollection source, String why, Duration delay, long notBefore, boolean waits) {
        return new Left(text(source, why), delay, notBefore, waits, () -> true);
    }

    private static String text(SourceCollection source, String why) {
        return "collection %s.%s (source id %d): %s"
                .formatted(source.dbName(), source.name(), source.id(), why);
    }

    private void put(SourceCollection source, Left now) {
        left.put(source.id(), now);
        Left was = before.get(source.id());
        if (was == null || !was.why().equals(now.why())) {
            LOG.info("Left for later: {}", now.why());
        }
    }
}
