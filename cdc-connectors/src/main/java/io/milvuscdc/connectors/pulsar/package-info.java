// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Reading Milvus' channels from Pulsar: a FLIP-27 source of our own, because flink-connector-pulsar
 * loses part of a batch on a restart and skips removed messages in silence.
 */
package io.milvuscdc.connectors.pulsar;
