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

    private record Left(String why, Duration delay, long notBefore, BooleanSupplier turn) {}

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
        put(source, why, Duration.ZERO, () -> true);
    }

    /**
     * Nothing is left but what has to wait for its turn.
     *
     * @param turn asked each time before it's tried again, in the order of the ids
     */
    void waitsForTurn(SourceCollection source, String why, BooleanSupplier turn) {
        put(source, why, Duration.ZERO, turn);
    }

    /** The target refused it for now. */
    void failed(SourceCollection source, String why) {
        Left was = before.get(source.id());
        Duration delay =
                was == null || was.delay().isZero() ? FIRST_DELAY : was.delay().multipliedBy(2);
        put(source, why, delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay, () -> true);
    }

    /** The ids that it's time to try again. */
    Set<Long> due() {
        long now = nanoClock.getAsLong();
        Set<Long> due = new HashSet<>();
        left.forEach(
                (id, entry) -> {
                    if (now - entry.notBefore() >= 0 && entry.turn().getAsBoolean()) {
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

    private void put(SourceCollection source, String why, Duration delay, BooleanSupplier turn) {
        String text =
                "collection %s.%s (source id %d): %s"
                        .formatted(source.dbName(), source.name(), source.id(), why);
        left.put(source.id(), new Left(text, delay, nanoClock.getAsLong() + delay.toNanos(), turn));
        Left was = before.get(source.id());
        if (was == null || !was.why().equals(text)) {
            LOG.info("Left for later: {}", text);
        }
    }
}
