// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The connections that something is made of. They are closed together: when one of them can't be
 * opened, those that are open already, and in the end all of them, though one can't be closed.
 */
final class Parts {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private Parts() {}

    /** Makes something of parts that it owns from then on. */
    @FunctionalInterface
    interface Recipe<T> {
        T make(Parts parts) throws IOException;
    }

    /** Makes it, or closes the parts that were added until it failed, the last one first. */
    static <T> T assemble(Recipe<T> recipe) throws IOException {
        Parts parts = new Parts();
        try {
            return recipe.make(parts);
        } catch (IOException | RuntimeException | Error e) {
            parts.closeAfter(e);
            throw e;
        }
    }

    /** Notes a part that was just opened. */
    <P extends AutoCloseable> P add(P part) {
        opened.push(part);
        return part;
    }

    private void closeAfter(Throwable failure) {
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Closes all, in this order; throws the first failure, with the others in it. */
    static void closeAll(AutoCloseable... parts) {
        RuntimeException failure = null;
        for (AutoCloseable part : List.of(parts)) {
            try {
                part.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure =
                            e instanceof RuntimeException unchecked
                                    ? unchecked
                                    : new IllegalStateException(part + " can't be closed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
