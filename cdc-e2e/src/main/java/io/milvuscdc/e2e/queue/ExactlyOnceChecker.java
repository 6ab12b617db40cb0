// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Fault;
import io.milvuscdc.e2e.queue.ExactlyOnceVerdict.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proves, or refutes, from what stands in the pchannels of a source and of its standby that every
 * insert and delete takes effect there exactly once, unchanged, and never behind a tick.
 */
public final class ExactlyOnceChecker {

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, TickWindows> windows = new TreeMap<>();
    private long copies;
    private long rowsOfCopies;
    private long rowsWrittenAgain;

    private ExactlyOnceChecker() {}

    /**
     * Checks.
     *
     * @param source all messages, by pchannel, of the collections that are replicated; ticks don't
     *     matter
     * @param target all messages, by pchannel, each in the order of the topic
     */
    public static ExactlyOnceVerdict check(
            Map<String, List<QueuedMessage>> source, Map<String, List<QueuedMessage>> target) {
        return new ExactlyOnceChecker().run(source, target);
    }

    private ExactlyOnceVerdict run(
            Map<String, List<QueuedMessage>> source, Map<String, List<QueuedMessage>> target) {
        Map<Long, QueuedMessage> originals = originals(source);
        Map<Long, List<QueuedMessage>> found = copies(target);
        target.forEach(this::channel);
        long rows = 0;
        for (QueuedMessage original : originals.values()) {
            rows += original.rows();
            message(original, found.getOrDefault(original.msgId(), List.of()));
        }
        found.forEach(
                (msgId, messages) -> {
                    if (!originals.containsKey(msgId)) {
                        add(Fault.UNKNOWN, messages.get(0).describe() + " is at no source");
                    }
                });
        return new ExactlyOnceVerdict(
                originals.size(),
                rows,
                rowsWrittenAgain,
                copies,
                rowsOfCopies,
                windows.values().stream().mapToLong(TickWindows::ended).sum(),
                windows.values().stream().mapToLong(TickWindows::ticks).sum(),
                findings);
    }

    private Map<Long, QueuedMessage> originals(Map<String, List<QueuedMessage>> source) {
        Map<Long, QueuedMessage> originals = new LinkedHashMap<>();
        for (List<QueuedMessage> pchannel : source.values()) {
            for (QueuedMessage message : pchannel) {
                if (message.hasRows()) {
                    QueuedMessage twin = originals.putIfAbsent(message.msgId(), message);
                    boolean another = twin != null && !message.isSentAgain(twin);
                    if (twin != null && !another) {
                        rowsWrittenAgain += message.rows();
                    }
                    if (another || message.msgId() == 0) {
                        add(
                                Fault.AMBIGUOUS,
                                message.describe() + " has a msgID that is 0 or not its own");
                    }
                }
            }
        }
        return originals;
    }

    private Map<Long, List<QueuedMessage>> copies(Map<String, List<QueuedMessage>> target) {
        Map<Long, List<QueuedMessage>> found = new HashMap<>();
        for (List<QueuedMessage> pchannel : target.values()) {
            for (QueuedMessage message : pchannel) {
                if (message.hasRows()) {
                    copies++;
                    rowsOfCopies += message.rows();
                    found.computeIfAbsent(message.msgId(), id -> new ArrayList<>()).add(message);
                }
            }
        }
        return found;
    }

    private void channel(String pchannel, List<QueuedMessage> messages) {
        TickWindows read = TickWindows.of(messages);
        windows.put(pchannel, read);
        read.late().forEach(m -> add(Fault.LATE, m.describe() + " stands behind a tick past it"));
        read.backwardTicks()
                .forEach(m -> add(Fault.TICK_BACKWARD, m.describe() + " is older than one before"));
    }

    private void message(QueuedMessage original, List<QueuedMessage> copiesOfIt) {
        if (copiesOfIt.isEmpty()) {
            add(Fault.MISSING, original.describe() + " isn't at the target");
            return;
        }
        Set<String> shownAt = new TreeSet<>();
        for (QueuedMessage copy : copiesOfIt) {
            String change = change(original, copy);
            if (!change.isEmpty()) {
                add(Fault.CHANGED, original.describe() + " is " + copy.describe() + ":" + change);
            }
            if (!original.partition().equals(copy.partition())) {
                add(
                        Fault.WRONG_PARTITION,
                        "%s is in partition '%s', not '%s'"
                                .formatted(
                                        copy.describe(), copy.partition(), original.partition()));
            }
            windows.get(copy.topic())
                    .tickOf(copy)
                    .ifPresentOrElse(
                            tick -> shownAt.add(tick.topic() + " at " + tick.position().describe()),
                            () -> shownAt.add("never"));
        }
        if (shownAt.contains("never")) {
            add(Fault.NOT_VISIBLE, original.describe() + " has a copy that no tick has reached");
        } else if (shownAt.size() > 1) {
            add(Fault.DOUBLED, original.describe() + " is shown more than once: " + shownAt);
        }
    }

    private static String change(QueuedMessage original, QueuedMessage copy) {
        StringBuilder change = new StringBuilder();
        if (original.type() != copy.type()) {
            change.append(" another type");
        }
        if (original.timestamp() != copy.timestamp() || original.rowTimes() != copy.rowTimes()) {
            change.append(" other timestamps");
        }
        if (original.rows() != copy.rows() || original.rowData() != copy.rowData()) {
            change.append(" other rows");
        }
        if (!original.shard().equals(copy.shard())
                || !copy.vchannel().startsWith(copy.topic() + "_")) {
            change.append(" on the wrong vchannel ").append(copy.vchannel());
        }
        return change.toString();
    }

    private void add(Fault fault, String what) {
        findings.add(new Finding(fault, what));
    }
}
