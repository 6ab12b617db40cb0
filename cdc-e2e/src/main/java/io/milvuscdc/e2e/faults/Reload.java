// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.faults;

import io.milvuscdc.e2e.compare.MilvusContent;
import io.milvuscdc.e2e.compare.MilvusReader;
import io.milvuscdc.e2e.workload.MilvusSession;

/**
 * Releases what is loaded and loads it again. A Milvus 2.3.5 that was killed, or whose queue was,
 * may go on without rows that it has ("readable growing segment lost" in its log) until its query
 * nodes read them anew.
 */
final class Reload {

    private Reload() {}

    /** All that is loaded as a whole, in every database. */
    static void everything(String uri, MilvusReader reader) {
        MilvusContent outline = reader.outline();
        try (MilvusSession session = MilvusSession.open(uri)) {
            outline.collections()
                    .forEach(
                            (fullName, content) -> {
                                if (content.isLoaded()) {
                                    int dot = fullName.indexOf('.');
                                    String name = fullName.substring(dot + 1);
                                    MilvusSession database =
                                            session.inDatabase(fullName.substring(0, dot));
                                    database.release(name);
                                    database.load(name);
                                }
                            });
        }
    }
}
