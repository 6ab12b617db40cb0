// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.feeding;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this machine calls itself. */
public final class LocalHost {

    private LocalHost() {}

    /** Its name, for people and to tell machines apart. */
    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }
}
