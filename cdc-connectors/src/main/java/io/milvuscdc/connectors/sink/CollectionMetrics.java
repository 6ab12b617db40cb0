// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.connectors.message.Tso;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;

/**
 * How a writer gets on with each source collection. Under {@code
 * collection.<id>.database.<database>.name.<name>} from its first row sent on: {@code
 * insertRowsRead}, {@code insertRowsSent}, {@code deleteRowsRead}, {@code deleteRowsSent}, {@code
 * bytesSent}, {@code lastRowMillis}. Under {@code collection.<id>} from then on, or from when it
 * first waits: {@code waitingFromMillis}, and once it has waited {@code waitingReason} and {@code
 * waitingName}; {@code dropped} for a minute after its drop. Times are the source's, milliseconds
 * since 1970.
 *
 * <p>Costs two additions and a look-up per message, nothing per row. Used by the writer's thread;
 * gauges are asked by others.
 */
final class CollectionMetrics {

    /** Collections beyond this many ({@value}) at a time are shown together, as collection 0. */
    static final int MAX_COLLECTIONS = 500;

    /**
     * The same for this many ({@value}) in a writer's life: what's dropped is gone from Flink's
     * reporters, but its job manager keeps every metric that it has heard of until the job ends.
     */
    static final int MAX_EVER = 1_000;

    /** Flink asks for the metrics every 10 s; {@code dropped} has to be heard of. */
    static final Duration SHOWN_AFTER_DROP = Duration.ofMinutes(1);

    private static final long OTHERS = 0;

    private final MetricGroup group;
    private final LongFunction<String> names;
    private final LongSupplier nanoTime;
    private final Map<Long, Numbers> collections = new HashMap<>();
    private final Numbers others = new Numbers(OTHERS);
    private final Set<Numbers> waiting = new HashSet<>();
    private final Deque<Dropped> dropped = new ArrayDeque<>();
    private int shown;
    private int everShown;

    /**
     * Shows nothing yet.
     *
     * @param names a collection's database and name, with a dot between, as far as it's known
     *     without asking anybody; empty if it isn't
     * @param nanoTime as {@link System#nanoTime}
     */
    CollectionMetrics(MetricGroup group, LongFunction<String> names, LongSupplier nanoTime) {
        this.group = group;
        this.names = names;
        this.nanoTime = nanoTime;
    }

    private record Dropped(long id, Numbers numbers, long atNanos) {}

    private static final class Numbers {
        private final long id;
        private final Counter insertsRead = new SimpleCounter();
        private final Counter deletesRead = new SimpleCounter();
        private final Counter insertsSent = new SimpleCounter();
        private final Counter deletesSent = new SimpleCounter();
        private final Counter bytesSent = new SimpleCounter();
        private volatile long lastRow;
        private volatile long waitingFrom;
        private volatile String reason = "";
        private volatile String name = "";
        private MetricGroup group;
        private boolean named;
        private boolean waited;
        private boolean dropped;

        Numbers(long id) {
            this.id = id;
        }

        void read(ChannelMessage message) {
            (ChannelMetrics.isInsert(message) ? insertsRead : deletesRead).inc(message.rows());
            seen(message);
        }

        void sent(ChannelMessage message) {
            (ChannelMetrics.isInsert(message) ? insertsSent : deletesSent).inc(message.rows());
            bytesSent.inc(message.payload().size());
            // what waited in a run before wasn't read in this one
            seen(message);
        }

        private void seen(ChannelMessage message) {
            lastRow = Math.max(lastRow, message.timestamp());
        }

        void add(Numbers more) {
            insertsRead.inc(more.insertsRead.getCount());
            deletesRead.inc(more.deletesRead.getCount());
            lastRow = Math.max(lastRow, more.lastRow);
        }

        void show(MetricGroup at) {
            group = at;
            at.gauge("waitingFromMillis", () -> Tso.physicalMillis(waitingFrom));
        }

        void showRows(String database, String collection) {
            named = true;
            MetricGroup at = group.addGroup("database", database).addGroup("name", collection);
            at.counter("insertRowsRead", insertsRead);
            at.counter("deleteRowsRead", deletesRead);
            at.counter("insertRowsSent", insertsSent);
            at.counter("deleteRowsSent", deletesSent);
            at.counter("bytesSent", bytesSent);
            at.gauge("lastRowMillis", () -> Tso.physicalMillis(lastRow));
        }

        void showWaiting() {
            if (!waited) {
                waited = true;
                group.gauge("waitingReason", () -> reason);
                group.gauge("waitingName", () -> name);
            }
        }
    }

    /** Counts a message of rows that was read, whether or not it's sent. */
    void read(ChannelMessage message) {
        of(message.collectionId()).read(message);
    }

    /** Counts a message of rows that is sent. */
    void sent(ChannelMessage message, CollectionRoute route) {
        Numbers numbers = of(message.collectionId());
        if (!numbers.named) {
            numbers = shown(numbers);
            if (!numbers.named) {
                boolean own = numbers != others;
                numbers.showRows(
                        own ? route.sourceDatabase() : "others",
                        own ? route.sourceName() : "others");
            }
        }
        numbers.sent(message);
    }

    /** Says why messages of a collection can't be sent for now. */
    void blocked(long id, String reason) {
        of(id).reason = reason;
    }

    /**
     * Says what waits now.
     *
     * @param oldest by collection, the timestamp of its message that has waited longest
     */
    void waiting(Map<Long, Long> oldest) {
        if (oldest.isEmpty() && waiting.isEmpty()) {
            return;
        }
        Map<Numbers, Long> now = new HashMap<>();
        oldest.forEach((id, timestamp) -> now.merge(shown(of(id)), timestamp, Math::min));
        for (Numbers before : waiting) {
            if (!now.containsKey(before)) {
                before.waitingFrom = 0;
            }
        }
        waiting.clear();
        now.forEach(
                (numbers, timestamp) -> {
                    numbers.showWaiting();
                    if (numbers != others) {
                        numbers.name = names.apply(numbers.id);
                    }
                    numbers.waitingFrom = timestamp;
                    waiting.add(numbers);
                });
    }

    /** Says that a collection is dropped at the source: it's shown for one more minute. */
    void dropped(long id) {
        Numbers numbers = collections.get(id);
        if (numbers == null || numbers.dropped) {
            return;
        }
        if (numbers == others || numbers.group == null) {
            collections.remove(id);
            return;
        }
        numbers.dropped = true;
        numbers.group.gauge("dropped", () -> 1);
        dropped.add(new Dropped(id, numbers, nanoTime.getAsLong()));
    }

    /** Forgets what was dropped a minute ago. Costs nothing when nothing was. */
    void closeDropped() {
        while (!dropped.isEmpty()
                && nanoTime.getAsLong() - dropped.peek().atNanos() >= SHOWN_AFTER_DROP.toNanos()) {
            Dropped gone = dropped.remove();
            collections.remove(gone.id());
            waiting.remove(gone.numbers());
            shown--;
            // the public interface has no way to take back a metric, only its implementation has
            if (gone.numbers().group instanceof AbstractMetricGroup<?> own) {
                own.close();
            }
        }
    }

    private Numbers of(long id) {
        return collections.computeIfAbsent(id, Numbers::new);
    }

    /**
     * The numbers under which a collection is shown: its own, or those of all that are too many.
     */
    private Numbers shown(Numbers numbers) {
        if (numbers.group != null) {
            return numbers;
        }
        if (numbers != others && (shown >= MAX_COLLECTIONS || everShown >= MAX_EVER)) {
            others.add(numbers);
            others.reason = numbers.reason;
            collections.put(numbers.id, others);
            return shown(others);
        }
        if (numbers != others) {
            shown++;
            everShown++;
        }
        numbers.show(group.addGroup("collection", Long.toString(numbers.id)));
        return numbers;
    }
}
