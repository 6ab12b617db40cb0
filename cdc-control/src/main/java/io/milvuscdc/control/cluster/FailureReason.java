// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.util.SerializedThrowable;

/**
 * The one line of a chain of causes that tells a user most: the message of the outermost exception
 * that this project threw, as those are written for users, or else that of the innermost one.
 */
final class FailureReason {

    private static final String OURS = "io.milvuscdc.";

    private FailureReason() {}

    static String of(Throwable failure) {
        List<Throwable> chain = chain(failure);
        for (Throwable link : chain) {
            if (link.getClass().getName().startsWith(OURS) && hasMessage(link)) {
                return firstLine(link.getMessage());
            }
        }
        for (int i = chain.size() - 1; i >= 0; i--) {
            Throwable link = chain.get(i);
            if (hasMessage(link)) {
                return link.getClass().getSimpleName() + ": " + firstLine(link.getMessage());
            }
        }
        return chain.get(chain.size() - 1).getClass().getName();
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = new HashSet<>();
        Throwable link = failure;
        while (link != null && seen.add(link)) {
            if (link instanceof SerializedThrowable serialized) {
                link = serialized.deserializeError(FailureReason.class.getClassLoader());
                seen.add(link);
            }
            chain.add(link);
            link = link.getCause();
        }
        return chain;
    }

    private static boolean hasMessage(Throwable link) {
        return link.getMessage() != null && !link.getMessage().isBlank();
    }

    private static String firstLine(String message) {
        return message.strip().lines().findFirst().orElse("").strip();
    }
}
