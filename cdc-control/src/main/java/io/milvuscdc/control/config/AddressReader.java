// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

/** Reads {@code host:port}. */
final class AddressReader {

    private static final int MAX_PORT = 65_535;

    private AddressReader() {}

    /** The address at the path; without a host it's every address of the machine. */
    static ListenAddress read(YamlSettings yaml, String path, String fallback) {
        String text = yaml.text(path, fallback);
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon >= 0 && port >= 0 && port <= MAX_PORT) {
                String host = text.substring(0, colon).replace("[", "").replace("]", "");
                return new ListenAddress(host.isEmpty() ? "0.0.0.0" : host, port);
            }
        } catch (NumberFormatException e) {
            // told below, like a port out of bounds
        }
        yaml.problem(
                path + " must be host:port, for example " + fallback + ", but it's '" + text + "'");
        return new ListenAddress("127.0.0.1", 0);
    }
}
