// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.util.SerializedThrowable;

/**
 * The one line of a chain of causes that tells a user most: the message of the outermost exception
 * that this project threw, as those are written for users, or else that of the innermost one.
 */
final class FailureReason {

    private static final String OURS = "io.milvuscdc.";

    /**
     * A line of a stack trace that names an exception: its class, and its message if it has one.
     */
    private static final Pattern HEAD =
            Pattern.compile(
                    "(?:Caused by: |<Exception on server side:)?"
                            + "((?:[a-z_][\\w]*\\.)+[A-Z][\\w$]*)(?:: (.*))?");

    private FailureReason() {}

    /** One exception of a chain. */
    private record Link(String type, String message) {

        static Link of(Throwable failure) {
            String message = failure.getMessage();
            return new Link(
                    failure.getClass().getName(),
                    message == null ? "" : message.strip().lines().findFirst().orElse("").strip());
        }

        String simpleType() {
            return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
        }
    }

    static String of(Throwable failure) {
        return of(chain(failure).stream().map(Link::of).toList());
    }

    /** The same of a printed stack trace; empty when the text isn't one. */
    static String ofStackTrace(String text) {
        List<Link> chain =
                text.lines()
                        .map(HEAD::matcher)
                        .filter(Matcher::matches)
                        .map(
                                head ->
                                        new Link(
                                                head.group(1),
                                                head.group(2) == null ? "" : head.group(2).strip()))
                        .toList();
        return chain.isEmpty() ? "" : of(chain);
    }

    private static String of(List<Link> chain) {
        for (Link link : chain) {
            if (link.type().startsWith(OURS) && !link.message().isEmpty()) {
                return link.message();
            }
        }
        for (int i = chain.size() - 1; i >= 0; i--) {
            Link link = chain.get(i);
            if (!link.message().isEmpty()) {
                return link.simpleType() + ": " + link.message();
            }
        }
        return chain.get(chain.size() - 1).type();
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
}
