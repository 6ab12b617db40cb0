// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.e2e.cdc.CdcClient;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@code check} has found.
 *
 * @param ok whether a task could run
 * @param broken details by check, of those that are in its way
 * @param well details by check, of the others
 */
public record Checked(boolean ok, Map<String, String> broken, Map<String, String> well) {

    /** Asks for a task that replicates everything. */
    public static Checked of(CdcClient cdc, String targetUri) {
        JsonNode data = cdc.check(targetUri);
        Map<String, String> broken = new TreeMap<>();
        Map<String, String> well = new TreeMap<>();
        for (JsonNode one : data.path("checks")) {
            (one.path("ok").asBoolean() ? well : broken)
                    .put(one.path("check").asText(), one.path("detail").asText());
        }
        return new Checked(data.path("ok").asBoolean(), broken, well);
    }
}
