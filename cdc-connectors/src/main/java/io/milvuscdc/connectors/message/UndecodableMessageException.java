// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.message;

/**
 * A message of a source channel can't be understood, so that going on would lose it. Its text names
 * the channel, the position, what is wrong and what to do; it holds nothing of the payload.
 */
public final class UndecodableMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecodableMessageException(String pchannel, MqPosition position, String problem) {
        this(pchannel, position, problem, null);
    }

    UndecodableMessageException(
            String pchannel, MqPosition position, String problem, Throwable cause) {
        super(
                "channel '"
                        + pchannel
                        + "', "
                        + position.describe()
                        + ": "
                        + problem
                        + ". Nothing after it is replicated. Check that this topic belongs to a"
                        + " Milvus 2.3 to 2.5 and that nothing else writes to it; to leave the"
                        + " message out, create a task that starts after this position",
                cause);
    }
}
