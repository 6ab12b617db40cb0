// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.failure;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * What a checkpoint holds can't be understood: it's damaged, or of a newer release. It stays so,
 * and Flink ends the job instead of restarting it.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class UnreadableStateException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message says what can't be read, why, and what to do. */
    public UnreadableStateException(String message, Throwable cause) {
        super(message, PortableCause.of(cause));
    }

    /**
     * Fails unless a version is one from 1 to the newest.
     *
     * @param what completes "The checkpoint's ..."
     */
    public static void requireKnown(String what, int version, int newest)
            throws UnreadableStateException {
        if (version < 1 || version > newest) {
            throw new UnreadableStateException(
                    "The checkpoint's "
                            + what
                            + " has version "
                            + version
                            + ", this release reads up to version "
                            + newest
                            + ": restore it with the release that wrote it",
                    null);
        }
    }

    /**
     * Fails unless all that was written has been read.
     *
     * @param what completes "The checkpoint's ..."
     * @param left how many bytes haven't
     */
    public static void requireEnd(String what, int left) throws UnreadableStateException {
        if (left > 0) {
            throw new UnreadableStateException(
                    "The checkpoint's " + what + " has " + left + " bytes left over: it's damaged",
                    null);
        }
    }
}
