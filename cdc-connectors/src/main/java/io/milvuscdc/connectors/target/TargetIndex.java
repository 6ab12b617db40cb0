// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.milvus.grpc.KeyValuePair;
import java.util.List;

/**
 * An index of a target collection.
 *
 * @param params as they were given to CreateIndex
 */
public record TargetIndex(String name, String fieldName, List<KeyValuePair> params) {}
