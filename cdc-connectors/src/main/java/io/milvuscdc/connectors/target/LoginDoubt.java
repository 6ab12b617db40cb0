// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether a refused login is to be believed. Milvus' proxy refuses the right one, too, while it
 * can't ask the root coordinator for the password (its {@code passwordVerify} takes that error for
 * a wrong password). Thread-safe.
 */
final class LoginDoubt {

    /** Longer than a root coordinator takes to come back. */
    static final Duration OF_A_JOB = Duration.ofSeconds(60);

    private final Duration bound;
    private final LongSupplier nanoClock;
    private volatile boolean refused;
    private long since;

    /**
     * Nothing refused yet.
     *
     * @param bound how long a login must have been refused, with no answer in between; zero to
     *     believe it at once
     */
    LoginDoubt(Duration bound, LongSupplier nanoClock) {
        this.bound = bound;
        this.nanoClock = nanoClock;
    }

    /** The login was refused; returns whether it's wrong. */
    synchronized boolean isSure() {
        long now = nanoClock.getAsLong();
        if (!refused) {
            refused = true;
            since = now;
        }
        return now - since >= bound.toNanos();
    }

    /** The target has answered a call, so it has taken the login. */
    void answered() {
        if (refused) {
            refused = false;
        }
    }
}
