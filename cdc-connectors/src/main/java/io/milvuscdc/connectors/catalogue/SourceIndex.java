// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import io.milvus.grpc.KeyValuePair;
import java.util.List;

/**
 * An index of a source collection ({@code field-index/}); one that is marked deleted is never
 * shown.
 *
 * @param userParams the parameters as the user gave them (index_type, metric_type, params, ...),
 *     what CreateIndex takes
 */
public record SourceIndex(
        long indexId, long fieldId, String name, long createTs, List<KeyValuePair> userParams) {}
