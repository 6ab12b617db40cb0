// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import io.milvuscdc.connectors.failure.FeedingRefusedException;
import io.milvuscdc.connectors.failure.SourceUnreachableException;
import io.milvuscdc.connectors.feeding.FeedBoard.Note;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the right to feed a target is got, kept and given back, by one step after the other. Whoever
 * has the oldest note on the board has it. Notes of others are waited for, as those of a killed job
 * vanish by themselves; what is still there then is a job that runs.
 *
 * <p>One thread makes the steps, any may ask {@link #isHeld}.
 */
final class FeedClaim {

    private static final Logger LOG = LoggerFactory.getLogger(FeedClaim.class);

    /** Owners that have been told already that nobody can protect them. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    /**
     * How long things last.
     *
     * @param ttl of a note that isn't renewed
     * @param margin so long before its end the own one doesn't count any more: what is on its way
     *     then has arrived before somebody else may send
     * @param patience how long others' notes are waited for; longer than they can outlive their job
     */
    record Timing(Duration ttl, Duration margin, Duration patience) {

        static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(15));

        /** How long the own note counts after it was renewed. */
        private Duration counts() {
            return ttl.minus(margin);
        }
    }

    private final FeedBoard board;
    private final FeedTarget target;
    private final Feeder feeder;
    private final Timing timing;
    private final LongSupplier nanoTime;

    private long lease;
    private long pending;
    private boolean hadIt;
    private boolean waiting;
    private long waitingSince;
    private long looked;

    private volatile boolean unprotected;
    private volatile boolean held;
    private volatile long heldUntil;

    /** {@code nanoTime} as {@link System#nanoTime}. */
    FeedClaim(
            FeedBoard board,
            FeedTarget target,
            Feeder feeder,
            Timing timing,
            LongSupplier nanoTime) {
        this.board = board;
        this.target = target;
        this.feeder = feeder;
        this.timing = timing;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
    }

    /** Whether it may be sent at this moment. */
    boolean isHeld() {
        return unprotected || (held && nanoTime.getAsLong() - heldUntil < 0);
    }

    /** How long a note lasts that isn't renewed. */
    Duration ttl() {
        return timing.ttl();
    }

    /** Whether there is nothing to keep, because the board may not be used. */
    boolean isUnprotected() {
        return unprotected;
    }

    /**
     * Goes on: tries to get the right, or has it longer.
     *
     * @throws FeedingRefusedException another job has it, for good
     * @throws SupersededException another run of this job has it, or may have it
     * @throws IOException it can't be told now; to be tried again
     */
    void step() throws IOException {
        try {
            look();
            if (lease == 0) {
                seek();
            } else {
                renew();
            }
        } catch (SourceUnreachableException e) {
            // an etcd that comes back gives every note its whole time again
            waiting = false;
            throw e;
        } catch (FeedBoardDeniedException e) {
            unprotected = true;
            if (WARNED.add(feeder.owner())) {
                LOG.warn(
                        "Task {}: a second job that feeds {} can't be refused, and would double"
                                + " rows: {}. Grant it that",
                        feeder.taskId(),
                        target,
                        e.getMessage());
            }
        }
    }

    private <T> T seen(T answer) throws SupersededException {
        look();
        return answer;
    }

    /**
     * Looks at the clock, as is done every few seconds. If it has gone on by more than the own note
     * counts, this process stood still, and Flink may have started the job elsewhere: the note, put
     * up again, would then be one of the same owner.
     */
    private void look() throws SupersededException {
        long now = nanoTime.getAsLong();
        long still = now - looked;
        looked = now;
        if (hadIt && still > timing.counts().toNanos()) {
            held = false;
            throw SupersededException.perhaps(feeder, Duration.ofNanos(still).toSeconds());
        }
    }

    private void seek() throws IOException {
        withdraw();
        Optional<Note> other = first(seen(board.notes()));
        if (other.isEmpty()) {
            if (hadIt && seen(board.own()).isPresent()) {
                throw SupersededException.by(target, feeder);
            }
            long asked = nanoTime.getAsLong();
            pending = seen(board.grant(timing.ttl()));
            other = first(seen(board.put(pending)));
            if (other.isEmpty()) {
                got(asked);
                return;
            }
            withdraw();
        }
        yieldTo(other.get());
    }

    /** The oldest note, when it's somebody else's. */
    private Optional<Note> first(List<Note> notes) {
        return notes.stream()
                .min(Comparator.comparingLong(Note::order))
                .filter(note -> !note.owner().equals(feeder.owner()));
    }

    private void got(long asked) {
        if (waiting || hadIt) {
            LOG.info("{} may feed {} now", feeder, target);
        }
        waiting = false;
        hadIt = true;
        lease = pending;
        pending = 0;
        has(asked);
    }

    /** As etcd may have counted from the moment of the request on. */
    private void has(long asked) {
        heldUntil = asked + timing.counts().toNanos();
        held = true;
    }

    private void yieldTo(Note other) throws FeedingRefusedException {
        long now = nanoTime.getAsLong();
        if (!waiting) {
            waiting = true;
            waitingSince = now;
            LOG.warn(
                    "{} waits for up to {} s, as only one job may feed {}, and there is {}",
                    feeder,
                    timing.patience().toSeconds(),
                    target,
                    other.words());
        } else if (now - waitingSince > timing.patience().toNanos()) {
            throw new FeedingRefusedException(
                    "The target "
                            + target
                            + " is fed by another job from this source: "
                            + other.words()
                            + ". Only one may feed it, two would double rows. If this one is to run"
                            + " instead, end the other one first (delete its task, or flink stop)");
        }
    }

    private void renew() throws IOException {
        long asked = nanoTime.getAsLong();
        if (!seen(board.renew(lease))) {
            lost("it wasn't renewed for " + timing.ttl().toSeconds() + " s");
            return;
        }
        Optional<Note> own = seen(board.own());
        if (own.isEmpty()) {
            lost("it was removed by hand");
        } else if (own.get().lease() != lease) {
            throw SupersededException.by(target, feeder);
        } else {
            has(asked);
        }
    }

    private void lost(String why) throws IOException {
        held = false;
        pending = lease;
        lease = 0;
        LOG.warn("{} has lost its note that it feeds {}: {}", feeder, target, why);
        seek();
    }

    /** Takes down a note that gives no right, if one may be there. */
    private void withdraw() throws IOException {
        if (pending != 0) {
            board.revoke(pending);
            pending = 0;
        }
    }

    /** Gives it back; the claim isn't used any more. */
    void release() {
        held = false;
        pending = lease == 0 ? pending : lease;
        try {
            withdraw();
        } catch (IOException e) {
            LOG.info(
                    "The note that {} feeds {} vanishes by itself within {} s: {}",
                    feeder,
                    target,
                    timing.ttl().toSeconds(),
                    e.getMessage());
        } finally {
            board.close();
        }
    }
}
