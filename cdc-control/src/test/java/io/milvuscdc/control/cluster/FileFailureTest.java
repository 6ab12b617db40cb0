// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FileFailureTest {

    private static final String FILE = "/data/chk-1/_metadata";

    @Test
    void saysWhatTheSystemSaysByTheKindOfItsExceptionOnly() {
        assertThat(FileFailure.inWords(new AccessDeniedException(FILE)))
                .isEqualTo("the user of this process isn't allowed to");
        assertThat(FileFailure.inWords(new NoSuchFileException(FILE))).isEqualTo("it isn't there");
        assertThat(FileFailure.inWords(new NotDirectoryException(FILE)))
                .isEqualTo("it's no directory");
    }

    @Test
    void repeatsWhatTheSystemSaysWithoutThePath() {
        assertThat(FileFailure.inWords(new FileSystemException(FILE, null, "Input/output error")))
                .isEqualTo("Input/output error");
        assertThat(FileFailure.inWords(new IOException("Is a directory")))
                .isEqualTo("Is a directory");
        assertThat(FileFailure.inWords(new IOException())).isEqualTo("java.io.IOException");
    }

    @Test
    void saysWhatToDoAboutACheckpointThatMayNotBeRead() {
        assertThat(FileFailure.unreadable(Path.of("/data"), new AccessDeniedException("/data")))
                .hasMessage(
                        "/data can't be read: the user of this process isn't allowed to. A task"
                                + " doesn't go on from less than its newest checkpoint: mend that"
                                + " and resume the task");
    }
}
