// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Says why a file or directory can't be used: many of the system's messages are but its path. */
final class FileFailure {

    private FileFailure() {}

    /** The end of a sentence that says what can't be done with which file. */
    static String inWords(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it isn't there";
        }
        if (e instanceof AccessDeniedException) {
            return "the user of this process isn't allowed to";
        }
        if (e instanceof NotDirectoryException) {
            return "it's no directory";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** What checkpoints are looked for in, or are, can't be read. */
    static IOException unreadable(Path path, IOException e) {
        return new IOException(
                path
                        + " can't be read: "
                        + inWords(e)
                        + ". A task doesn't go on from less than its newest checkpoint: mend that"
                        + " and resume the task",
                e);
    }
}
