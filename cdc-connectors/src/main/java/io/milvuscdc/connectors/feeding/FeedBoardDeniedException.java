// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.io.IOException;

/** The user may not read or write notes. */
final class FeedBoardDeniedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The message says where, and which right is missing. */
    FeedBoardDeniedException(String message) {
        super(message);
    }
}
