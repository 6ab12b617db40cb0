// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvuscdc.connectors.catalogue.SourceCollection;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one reconciliation has changed at the target: a log line and an entry for each. */
final class AppliedChanges {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataReconciler.class);

    private final List<String> texts = new ArrayList<>();

    void add(String text) {
        texts.add(text);
        LOG.info("Target: {}", text);
    }

    void add(SourceCollection source, String text) {
        add(text + " (source collection " + source.id() + ")");
    }

    List<String> texts() {
        return texts;
    }
}
