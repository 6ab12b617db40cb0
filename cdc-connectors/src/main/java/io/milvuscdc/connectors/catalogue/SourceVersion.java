// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the source's root coordinator says of itself in etcd, {@code session/rootcoord}. */
public record SourceVersion(int major, int minor, int patch) implements Comparable<SourceVersion> {

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Pattern TEXT = Pattern.compile("\"Version\":\\s*\"" + NUMBERS);
    private static final Duration BOUND = Duration.ofSeconds(3);

    /**
     * Asks etcd.
     *
     * @return empty when no coordinator is up, or it doesn't say
     * @throws IOException in words for the user, when etcd doesn't answer within 3 s
     */
    public static Optional<SourceVersion> read(EtcdConfig config) throws IOException {
        try (EtcdConnection etcd = new EtcdConnection(config)) {
            return etcd.list(List.of(sessionKey(config)), 0, BOUND).live().values().stream()
                    .findFirst()
                    .flatMap(session -> of(session.bytes().toStringUtf8()));
        }
    }

    static String sessionKey(EtcdConfig config) {
        return new MetaKeys(config.metaRoot()).root() + "session/rootcoord";
    }

    /**
     * The version that a text begins with, for example {@code v2.3.5-dev}; empty when it doesn't
     * begin with one.
     */
    public static Optional<SourceVersion> parse(String text) {
        Matcher found = NUMBERS.matcher(text);
        return found.lookingAt() ? Optional.of(of(found)) : Optional.empty();
    }

    /** The version in the JSON text of a session. */
    static Optional<SourceVersion> of(String session) {
        Matcher found = TEXT.matcher(session);
        return found.find() ? Optional.of(of(found)) : Optional.empty();
    }

    private static SourceVersion of(Matcher found) {
        return new SourceVersion(
                Integer.parseInt(found.group(1)),
                Integer.parseInt(found.group(2)),
                Integer.parseInt(found.group(3)));
    }

    @Override
    public int compareTo(SourceVersion other) {
        return Comparator.comparingInt(SourceVersion::major)
                .thenComparingInt(SourceVersion::minor)
                .thenComparingInt(SourceVersion::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
