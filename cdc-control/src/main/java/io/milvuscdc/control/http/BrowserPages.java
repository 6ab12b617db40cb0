// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Tells what a browser sends for a page of another site: such a page can make it send requests, but
 * not read their answers, and not change the headers that say where a request comes from.
 */
final class BrowserPages {

    private static final String SITE = "Sec-Fetch-Site";
    private static final String SCHEME_END = "://";

    private BrowserPages() {}

    /** Whether the request could change something, and a page of another site wants it to. */
    static boolean isOfAnotherSite(Request request) {
        if (!mayChange(request)) {
            return false;
        }
        HttpFields headers = request.getHeaders();
        String site = headers.get(SITE);
        if (site == null) {
            return isElsewhere(headers.get(HttpHeader.ORIGIN), headers.get(HttpHeader.HOST));
        }
        return site.equals("cross-site") || site.equals("same-site");
    }

    /**
     * Whether the request could change something, a page wants it to, and nothing but the name that
     * the page came by says that it's this server's. Browsers say more only over TLS, where the
     * certificate goes with the name, and to localhost.
     */
    static boolean isOwnByNameAlone(Request request) {
        HttpFields headers = request.getHeaders();
        return mayChange(request)
                && headers.get(SITE) == null
                && headers.get(HttpHeader.ORIGIN) != null;
    }

    private static boolean mayChange(Request request) {
        return !request.getMethod().equals("GET") && !request.getMethod().equals("HEAD");
    }

    /** The scheme is another one where a proxy speaks TLS for this server. */
    private static boolean isElsewhere(String origin, String host) {
        if (origin == null) {
            return false;
        }
        int scheme = origin.indexOf(SCHEME_END);
        return scheme < 0 || !origin.substring(scheme + SCHEME_END.length()).equalsIgnoreCase(host);
    }
}
