// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds files of this project: tests run in their module's directory, the quickstart in the root.
 */
public final class ProjectFiles {

    private ProjectFiles() {}

    /**
     * The file of that path, relative to the project's root.
     *
     * @throws ServerException when it's in no directory above the working directory
     */
    public static Path find(Path relative) {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path file = dir.resolve(relative);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new ServerException(
                relative + " is in no directory above the working directory: build the project");
    }
}
