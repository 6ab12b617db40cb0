// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.milvuscdc.connectors.tls.TlsConfig;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;

/**
 * How a test reaches a Milvus.
 *
 * @param uri {@code http(s)://host:port}
 * @param token {@code user:password}, empty for none
 * @param tls what is trusted and shown with {@code https://}
 */
public record MilvusAccess(String uri, String token, TlsConfig tls) {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** One without login. */
    public static MilvusAccess open(String uri) {
        return new MilvusAccess(uri, "", TlsConfig.SYSTEM);
    }

    /** A new channel, for the caller to close. */
    public ManagedChannel channel(int maxAnswerBytes) {
        URI address = URI.create(uri);
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(address.getHost(), address.getPort())
                        .maxInboundMessageSize(maxAnswerBytes);
        if (address.getScheme().equals("https")) {
            secure(builder);
        } else {
            builder.usePlaintext();
        }
        if (!token.isEmpty()) {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, Base64.getEncoder().encodeToString(token.getBytes(UTF_8)));
            builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        return builder.build();
    }

    private void secure(NettyChannelBuilder builder) {
        try {
            builder.sslContext(
                    GrpcSslContexts.forClient()
                            .trustManager(tls.trustManagers())
                            .keyManager(tls.keyManagers())
                            .build());
        } catch (IOException e) {
            throw new ServerException("no TLS to " + uri, e);
        }
    }

    @Override
    public String toString() {
        return uri;
    }
}
