// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

/** The configuration is wrong; the message names every wrong key and what it may be. */
public final class ConfigException extends Exception {

    public ConfigException(String message) {
        super(message);
    }
}
