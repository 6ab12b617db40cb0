// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

/**
 * A broker's listener whose clients are told to come back to another port: that of a {@link Wire}.
 *
 * @param port that the broker listens on
 * @param advertised that its clients are told
 */
record WiredListener(int port, int advertised) {

    static WiredListener next(FreePorts ports) {
        return new WiredListener(ports.next(), ports.next());
    }

    Wire wire() {
        return Wire.open(advertised, port);
    }
}
