// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.io.IOException;

/**
 * Another run of the same job has taken the place of this one, as after a process that stood still
 * for so long that Flink took it for dead. This run must send nothing any more; a restart of the
 * job is allowed.
 */
final class SupersededException extends IOException {

    private static final long serialVersionUID = 1L;

    SupersededException(Feeder feeder, FeedTarget target) {
        super("Another run of this job feeds " + target + " now, and takes the place of " + feeder);
    }
}
