// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.io.IOException;

/**
 * Another run of the same job has taken the place of this one, or may have done so while this
 * process stood still for so long that Flink takes it for dead. This run must send nothing any
 * more; a restart of the job is allowed.
 */
final class SupersededException extends IOException {

    private static final long serialVersionUID = 1L;

    private SupersededException(String message) {
        super(message);
    }

    static SupersededException by(FeedTarget target, Feeder feeder) {
        return new SupersededException(
                "Another run of this job feeds " + target + " now, in the place of " + feeder);
    }

    static SupersededException perhaps(Feeder feeder, long seconds) {
        return new SupersededException(
                "This process stood still for "
                        + seconds
                        + " s, and another run of this job may feed the target meanwhile: "
                        + feeder
                        + " ends, and the job goes on from its last checkpoint");
    }
}
