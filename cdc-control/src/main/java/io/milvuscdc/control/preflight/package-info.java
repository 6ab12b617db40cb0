// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** What is looked at in the servers around a task before it's made. */
package io.milvuscdc.control.preflight;
