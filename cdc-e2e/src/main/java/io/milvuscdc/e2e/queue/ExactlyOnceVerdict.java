// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@link ExactlyOnceChecker} found.
 *
 * @param messages inserts and deletes at the source
 * @param rows of them: inserted, and keys deleted
 * @param rowsWrittenAgain of messages that the source wrote once more, as its broker hadn't
 *     answered; it may count them twice, the target doesn't
 * @param copies inserts and deletes at the target, each copy counted
 * @param rowsOfCopies of them
 * @param windows ticks at the target that were newer than all before them, over all its pchannels
 * @param ticks all ticks at the target; the others repeat one, as a restart does
 * @param findings empty when all is as it must be
 */
public record ExactlyOnceVerdict(
        long messages,
        long rows,
        long rowsWrittenAgain,
        long copies,
        long rowsOfCopies,
        long windows,
        long ticks,
        List<Finding> findings) {

    private static final int NAMED = 5;

    public ExactlyOnceVerdict {
        findings = List.copyOf(findings);
    }

    /** What can be wrong. */
    public enum Fault {
        /** A message of the source isn't at the target. */
        MISSING,
        /** No tick has reached a message, so that the target doesn't show it. */
        NOT_VISIBLE,
        /** Copies of a message are in more than one window: its rows count twice. */
        DOUBLED,
        /** Timestamps, rows or shard aren't those of the source. */
        CHANGED,
        /** A partition isn't that of the source, by its name or by its id. */
        WRONG_PARTITION,
        /** A message is for another collection than at the source, by name. */
        WRONG_COLLECTION,
        /** A row stands behind a tick that had passed it. */
        LATE,
        /** A tick is older than one before it. */
        TICK_BACKWARD,
        /** A message of the target comes from no source. */
        UNKNOWN,
        /** A collection has no message at the source, so that nothing is proven of it. */
        UNWRITTEN,
        /** A source message can't be told from another by its msgID. */
        AMBIGUOUS
    }

    /** One fault, in words. */
    public record Finding(Fault fault, String what) {}

    /** The same with what else was found. */
    public ExactlyOnceVerdict and(List<Finding> more) {
        List<Finding> all = new ArrayList<>(findings);
        all.addAll(more);
        return new ExactlyOnceVerdict(
                messages, rows, rowsWrittenAgain, copies, rowsOfCopies, windows, ticks, all);
    }

    /** Copies that the target drops, because their windows hold the message already. */
    public long droppedCopies() {
        return copies - messages;
    }

    /** The kinds of what was found. */
    public List<Fault> faults() {
        return findings.stream().map(Finding::fault).distinct().toList();
    }

    @Override
    public String toString() {
        return findings.isEmpty()
                ? "%d messages with %d rows, exactly once; %d rows written again by the source; %d copies dropped within a window; %d windows, %d ticks"
                        .formatted(
                                messages, rows, rowsWrittenAgain, droppedCopies(), windows, ticks)
                : faults().stream().map(this::summary).collect(Collectors.joining("\n"));
    }

    private String summary(Fault fault) {
        List<String> all =
                findings.stream().filter(f -> f.fault() == fault).map(Finding::what).toList();
        return fault
                + ", "
                + all.size()
                + ":\n  "
                + String.join("\n  ", all.subList(0, Math.min(NAMED, all.size())))
                + (all.size() > NAMED ? "\n  ..." : "");
    }
}
