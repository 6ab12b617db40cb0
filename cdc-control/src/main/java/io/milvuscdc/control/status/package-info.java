// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/** The status page: how the tasks are doing now and have been over the last minutes. */
package io.milvuscdc.control.status;
