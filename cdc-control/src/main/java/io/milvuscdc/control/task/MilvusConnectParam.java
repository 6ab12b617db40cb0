// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the user named the target Milvus, in the API's form. Its text form shows no secret.
 *
 * @param host together with {@code port} the deprecated form; ignored when {@code uri} is set
 * @param token {@code user:password} or an API key; wins over {@code username} and {@code password}
 * @param connectTimeout seconds, 0 for the default
 */
public record MilvusConnectParam(
        @JsonProperty("host") String host,
        @JsonProperty("port") int port,
        @JsonProperty("enable_tls") boolean enableTls,
        @JsonProperty("username") @JsonInclude(JsonInclude.Include.NON_EMPTY) String username,
        @JsonProperty("password") @JsonInclude(JsonInclude.Include.NON_EMPTY) String password,
        @JsonProperty("uri") String uri,
        @JsonProperty("token") @JsonInclude(JsonInclude.Include.NON_EMPTY) String token,
        @JsonProperty("dial_config") Map<String, String> dialConfig,
        @JsonProperty("channel_num") int channelNum,
        @JsonProperty("ignore_partition") boolean ignorePartition,
        @JsonProperty("connect_timeout") int connectTimeout) {

    /** The fields of {@code dial_config}. */
    public static final List<String> DIAL_KEYS =
            List.of(
                    "server_name",
                    "server_pem_path",
                    "ca_pem_path",
                    "client_pem_path",
                    "client_key_path");

    private static final int DEFAULT_PORT = 19530;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public MilvusConnectParam {
        host = orEmpty(host);
        username = orEmpty(username);
        password = orEmpty(password);
        uri = orEmpty(uri);
        token = orEmpty(token);
        dialConfig = dialConfig == null ? Map.of() : inOrder(dialConfig);
    }

    /** In the old tool's order, which answers show. */
    private static Map<String, String> inOrder(Map<String, String> dialConfig) {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String key : DIAL_KEYS) {
            if (dialConfig.containsKey(key)) {
                ordered.put(key, dialConfig.get(key));
            }
        }
        new TreeMap<>(dialConfig).forEach(ordered::putIfAbsent);
        return Collections.unmodifiableMap(ordered);
    }

    /** A target without login and options, as in most tests and examples. */
    public static MilvusConnectParam ofUri(String uri) {
        return new MilvusConnectParam("", 0, false, "", "", uri, "", Map.of(), 0, false, 0);
    }

    /** True when neither form names a target. */
    @JsonIgnore
    public boolean isAbsent() {
        return uri.isEmpty() && host.isEmpty() && port <= 0;
    }

    /**
     * {@code http(s)://host:port} of the target, equal for every spelling of the same address: two
     * tasks with the same address write to the same target.
     *
     * @throws IllegalArgumentException neither form names a Milvus; says why
     */
    public String address() {
        URI parsed = parse(written());
        String scheme = parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "the milvus uri must begin with http:// or https://, but it's '" + uri + "'");
        }
        int usedPort = parsed.getPort() >= 0 ? parsed.getPort() : defaultPort(scheme);
        return scheme + "://" + parsed.getHost().toLowerCase(Locale.ROOT) + ":" + usedPort;
    }

    private String written() {
        if (uri.isEmpty()) {
            return (enableTls ? "https://" : "http://") + host + ":" + port;
        }
        return uri.contains("://") ? uri : "http://" + uri;
    }

    /** Whether both name the same target, with TLS or without; aliases of a host aren't known. */
    public boolean sameTarget(MilvusConnectParam other) {
        try {
            return hostAndPort().equals(other.hostAndPort());
        } catch (IllegalArgumentException e) {
            // nothing can run into what isn't an address
            return false;
        }
    }

    private String hostAndPort() {
        URI parsed = URI.create(address());
        String name = LOOPBACK.contains(parsed.getHost()) ? "localhost" : parsed.getHost();
        return name + ":" + parsed.getPort();
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : DEFAULT_PORT;
    }

    private static URI parse(String text) {
        // the text itself isn't repeated: user:password@host is refused here and must not be shown
        URI parsed;
        try {
            parsed = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the milvus uri isn't of the form http://host:port");
        }
        if (parsed.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the milvus uri isn't of the form http://host:port; the login goes into 'token'");
        }
        if (parsed.getHost() == null) {
            // neither Java's URI nor gRPC takes any other name
            throw new IllegalArgumentException(
                    "the milvus uri isn't of the form http://host:port: a host has letters, digits,"
                            + " '-' and '.' only. One with an underscore needs another name, such as"
                            + " a network alias in Docker, or its IP address; the login goes into"
                            + " 'token'");
        }
        return parsed;
    }

    /** {@code user:password} or an API key; empty when the target needs no login. */
    public String credentials() {
        if (!token.isEmpty() || username.isEmpty()) {
            return token;
        }
        return username + ":" + password;
    }

    /** The same without login, for answers. */
    public MilvusConnectParam withoutSecrets() {
        return new MilvusConnectParam(
                host,
                port,
                enableTls,
                "",
                "",
                uri,
                "",
                dialConfig,
                channelNum,
                ignorePartition,
                connectTimeout);
    }

    @Override
    public String toString() {
        return uri.isEmpty() ? host + ":" + port : uri;
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }
}
