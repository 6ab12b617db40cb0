// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** Measures how a job scales, against a simulated target; run by hand. */
package io.milvuscdc.e2e.scale;
