// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** How far tasks have replicated: what their checkpoints say, put together with the source. */
package io.milvuscdc.control.progress;
