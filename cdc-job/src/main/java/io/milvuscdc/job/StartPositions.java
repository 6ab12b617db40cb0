// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.job;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import java.io.IOException;
import java.util.Map;

/** Where a new task starts to read. */
public final class StartPositions {

    private StartPositions() {}

    /**
     * First offset by pchannel: the end of every existing pchannel now, or the start positions of
     * the live collections when {@code fromCollectionStart}. Blocks.
     *
     * @throws IOException the source can't be asked; says what and where
     */
    public static Map<String, Long> resolve(
            EtcdConfig etcd, SourceChannels channels, boolean fromCollectionStart)
            throws IOException {
        return Map.of();
    }
}
