// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import io.milvuscdc.connectors.feeding.LocalHost;
import io.milvuscdc.control.config.ListenAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of this server: {@code localhost}, this machine's, those of the settings, and every IP
 * address. Any other name that leads here may be another site's, which lets it lead here for its
 * page to be taken for one of this server (DNS rebinding). Safe for use by several threads.
 */
final class OwnNames {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private final Set<String> names = new TreeSet<>();

    /**
     * Asks the machine for its name.
     *
     * @param listens where the server does
     * @param more without ports
     */
    OwnNames(ListenAddress listens, Collection<String> more) {
        add("localhost");
        add(LocalHost.name());
        add(listens.host());
        more.forEach(this::add);
    }

    private void add(String name) {
        names.add(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a request was sent to one of them.
     *
     * @param host the request's Host: a name or an address, and mostly a port; null for none
     */
    boolean has(String host) {
        if (host == null) {
            return false;
        }
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        return ADDRESS.matcher(name).matches() || names.contains(name);
    }
}
