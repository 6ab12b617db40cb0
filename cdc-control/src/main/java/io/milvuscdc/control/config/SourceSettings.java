// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.catalogue.EtcdConfig;
import io.milvuscdc.connectors.source.SourceChannels;

/** The source Milvus: its metadata and its message queue. */
public record SourceSettings(EtcdConfig etcd, SourceChannels channels) {}
