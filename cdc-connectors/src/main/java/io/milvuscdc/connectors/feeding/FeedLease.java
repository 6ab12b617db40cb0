// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * The right to send something to a target. Only one job has it for a target and a source: rows are
 * sent ahead of their ticks, so two jobs would double them. Everyone in a job that sends has one of
 * its own, for which it's first asked when there is something to send. Safe for use by several
 * threads.
 */
public interface FeedLease extends AutoCloseable {

    /**
     * Whether it may be sent now. Doesn't wait; while it's false, the answer is looked for on
     * another thread.
     *
     * @throws io.milvuscdc.connectors.failure.FeedingRefusedException another job feeds the target
     * @throws IOException it can't be had any more by this run of the job
     */
    boolean isHeld() throws IOException;

    /**
     * Waits until it may be sent.
     *
     * @throws IOException as {@link #isHeld}, or there is no answer within the bound
     */
    void await(Duration bound) throws IOException, InterruptedException;

    /**
     * For a step that doesn't wait: done as soon as it may be sent, at once if it's now, and fails
     * as {@link #isHeld} does.
     */
    CompletableFuture<Void> held();

    /** Gives it back, so that another job needn't wait until it lapses. */
    @Override
    void close();

    /** One that is kept in the source's etcd. Connects when it's first asked for. */
    static FeedLease in(EtcdConfig etcd, String targetUri, Feeder feeder) {
        FeedTarget target = FeedTarget.of(targetUri, LocalHost.name());
        FeedBoard board = new EtcdFeedBoard(etcd, target, feeder);
        return new ThreadedFeedLease(
                new FeedClaim(board, target, feeder, FeedClaim.Timing.DEFAULT, System::nanoTime),
                feeder);
    }
}
