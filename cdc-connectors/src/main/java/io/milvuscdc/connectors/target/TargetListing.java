// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

/** A collection as the target lists it: enough to find it by name or by create ts. */
public record TargetListing(long id, String db, String name, long createdTs) {

    /** {@code db.name}, as log lines and errors show it. */
    public String fullName() {
        return db + "." + name;
    }
}
