// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.source;

import java.io.Serial;
import org.apache.flink.api.connector.source.SourceEvent;

/** A reader tells its enumerator that a newer time tick has just arrived from the source. */
record TickSeen() implements SourceEvent {
    @Serial private static final long serialVersionUID = 1L;
}
