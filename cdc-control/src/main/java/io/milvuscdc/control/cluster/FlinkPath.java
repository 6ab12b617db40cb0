// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Directories by the names that Flink has for them, such as {@code file:/a b}. These aren't URIs:
 * nothing in them is escaped, and an escaped name means the directory that is called so.
 */
public final class FlinkPath {

    private static final String SCHEME = "file";

    private FlinkPath() {}

    /** Flink's name of a directory. */
    public static String of(Path directory) {
        return new org.apache.flink.core.fs.Path(
                        SCHEME, null, directory.toAbsolutePath().toString())
                .toString();
    }

    /**
     * The directory that a user means by Flink's name of it, or by a URI.
     *
     * @throws IllegalArgumentException it's neither, or on another machine
     */
    static Path local(String name) {
        org.apache.flink.core.fs.Path named = new org.apache.flink.core.fs.Path(name);
        if (named.toUri().getAuthority() != null) {
            throw new IllegalArgumentException("it's on " + named.toUri().getAuthority());
        }
        Path literal = Path.of(named.getPath());
        if (Files.exists(literal)) {
            return literal;
        }
        try {
            return Path.of(URI.create(name));
        } catch (IllegalArgumentException e) {
            // no URI then, but it may still be Flink's name of what isn't there
            return literal;
        }
    }

    /**
     * The directory, and where earlier versions let Flink write what belongs there: they gave it
     * escaped names, so that it made directories that are called so.
     */
    static List<Path> everywhere(Path directory) {
        Path escaped = Path.of(directory.toUri().getRawPath());
        return escaped.equals(directory.toAbsolutePath())
                ? List.of(directory)
                : List.of(directory, escaped);
    }
}
