// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import io.milvuscdc.connectors.tls.TlsConfig;
import java.net.URI;

/**
 * A Flink session cluster that runs the jobs.
 *
 * @param address its REST API
 * @param tls what is trusted and shown at an address with https
 */
public record SessionSettings(URI address, TlsConfig tls) {}
