// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** What single steps of a message's way cost, by JMH; run by hand. */
package io.milvuscdc.e2e.microbench;
