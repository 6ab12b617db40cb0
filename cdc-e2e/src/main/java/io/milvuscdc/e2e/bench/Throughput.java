// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.bench;

import io.milvuscdc.connectors.message.ChannelMessage;
import io.milvuscdc.e2e.queue.QueueReader;

/** Rows in the target's queue, by the times at which its broker appended them. */
final class Throughput implements QueueReader.Visitor {

    private long rows;
    private long bytes;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    @Override
    public void visit(ChannelMessage message, long appendMillis) {
        if (message.rows() > 0) {
            rows += message.rows();
            bytes += message.payload().size();
            first = Math.min(first, appendMillis);
            last = Math.max(last, appendMillis);
        }
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    /** When the first row was appended, in milliseconds since 1970. */
    long first() {
        return first;
    }

    /** When the last row was appended, in milliseconds since 1970. */
    long last() {
        return last;
    }

    double rowsPerSecond() {
        return rows * 1e3 / Math.max(1, last - first);
    }

    double megabytesPerSecond() {
        return bytes / 1e3 / Math.max(1, last - first);
    }
}
