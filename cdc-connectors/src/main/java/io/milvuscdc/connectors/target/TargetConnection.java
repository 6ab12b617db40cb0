// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.milvus.grpc.Status;
import io.milvuscdc.connectors.target.StatusClassifier.Outcome;
import io.milvuscdc.connectors.target.TargetException.Kind;
import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.connectors.tls.TlsFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The gRPC channel to the target with its login, deadlines and the meaning of answers. Thread-safe.
 */
final class TargetConnection implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 256 << 20;
    private static final long KEEPALIVE_SECONDS = 20;
    private static final long CLOSE_SECONDS = 5;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DATABASE =
            Metadata.Key.of("dbname", Metadata.ASCII_STRING_MARSHALLER);

    private final TargetConfig config;
    private final CallListener listener;
    private final ChangeGuard guard;
    private final LoginDoubt login;
    private final ManagedChannel channel;

    TargetConnection(
            TargetConfig config, CallListener listener, ChangeGuard guard, LoginDoubt login) {
        this.config = config;
        this.listener = listener;
        this.guard = guard;
        this.login = login;
        this.channel = open(config);
    }

    private static ManagedChannel open(TargetConfig config) {
        URI uri = uri(config.uri());
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort())
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveWithoutCalls(true);
        if ("https".equals(uri.getScheme())) {
            secure(builder, config.tls());
        } else {
            builder.usePlaintext();
        }
        return builder.build();
    }

    private static void secure(NettyChannelBuilder builder, TlsConfig tls) {
        try {
            SslContextBuilder context =
                    SslContextBuilder.forClient()
                            .trustManager(tls.trustManagers())
                            .keyManager(tls.keyManagers());
            // the JDK's own TLS fails with the same words on every machine
            builder.sslContext(
                    GrpcSslContexts.configure(context, SslProvider.JDK)
                            .protocols(tls.versions())
                            .build());
        } catch (IOException e) {
            throw new FatalTargetException(
                    TargetException.NO_CODE, "No TLS to the target: " + e.getMessage(), e);
        }
        if (!tls.serverName().isEmpty()) {
            builder.overrideAuthority(tls.serverName());
        }
    }

    private static URI uri(String text) {
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw badUri(e);
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw badUri(null);
        }
        return uri;
    }

    // the text itself may hold a password, so it's not shown
    private static FatalTargetException badUri(IllegalArgumentException cause) {
        return new FatalTargetException(
                TargetException.NO_CODE,
                "The target's uri isn't http://host:port or https://host:port: correct it",
                cause);
    }

    /** What a blocking call may answer besides success without being an error. */
    enum Accept {
        /** Only success, or that it was already done. */
        DONE,
        /** Also that the object isn't there. */
        NOT_FOUND
    }

    /**
     * One kind of call.
     *
     * @param what names the call and its object in errors, for example {@code DropIndex of db.c}
     * @param optional a request that's refused as such is RETRY instead of FATAL: the rest can be
     *     replicated without it
     */
    record Call<Q, R>(
            String what,
            String db,
            MethodDescriptor<Q, R> method,
            Function<R, Status> status,
            Accept accept,
            boolean optional) {}

    /**
     * Makes a call that changes nothing and waits; tries again, with backoff, while the answer is
     * RETRY and attempts are left.
     *
     * @return the answer; with {@link Accept#NOT_FOUND} its status may be that
     */
    <Q, R> R call(Call<Q, R> call, Q request) {
        return repeat(() -> callOnce(call, request));
    }

    /** As {@link #call}, of one that changes something: not while the guard forbids it. */
    <Q, R> R change(Call<Q, R> call, Q request) {
        return repeat(() -> changeOnce(call, request));
    }

    private <R> R repeat(Supplier<R> once) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once.get();
            } catch (TargetException e) {
                pauseBeforeNext(attempt, e);
            }
        }
    }

    /** Waits until it may be asked again, or throws why it was refused. */
    private void pauseBeforeNext(int attempt, TargetException refused) {
        boolean last = attempt >= config.attempts();
        if (refused.kind() == Kind.FATAL || last || Thread.currentThread().isInterrupted()) {
            throw refused;
        }
        pause(min(FIRST_BACKOFF.multipliedBy(1L << Math.min(attempt - 1, 20)), MAX_BACKOFF));
    }

    /**
     * As {@link #call}, but looks each time before it asks: when an answer was lost, what was meant
     * may be gone, and its name another one's.
     *
     * @param look what to ask for, empty for nothing; its calls have attempts of their own
     * @param ask calls once
     * @return false when there was nothing to ask for from the beginning
     */
    <T> boolean lookAndAsk(Supplier<Optional<T>> look, Consumer<T> ask) {
        for (int attempt = 1; ; attempt++) {
            Optional<T> seen = look.get();
            if (seen.isEmpty()) {
                return attempt > 1;
            }
            try {
                ask.accept(seen.get());
                return true;
            } catch (TargetException e) {
                pauseBeforeNext(attempt, e);
            }
        }
    }

    /** As {@link #change}, but once. */
    <Q, R> R changeOnce(Call<Q, R> call, Q request) {
        requireRight(call.what());
        return callOnce(call, request);
    }

    private void requireRight(String what) {
        IOException lost = null;
        try {
            if (guard.mayChange()) {
                return;
            }
        } catch (IOException e) {
            lost = e;
        }
        throw new TargetException(
                Kind.RETRY,
                TargetException.WITHHELD,
                what + " isn't asked of " + config + " now: another run may feed it",
                lost);
    }

    private <Q, R> R callOnce(Call<Q, R> call, Q request) {
        R answer;
        try {
            answer =
                    ClientCalls.blockingUnaryCall(
                            withHeaders(call.db()), call.method(), options(), request);
        } catch (StatusRuntimeException e) {
            throw failed(call.what(), e);
        }
        login.answered();
        Status status = call.status().apply(answer);
        if (call.accept() == Accept.NOT_FOUND && StatusClassifier.isNotFound(status)) {
            return answer;
        }
        TargetException error = refusal(call.what(), status, call.optional());
        if (error != null) {
            throw error;
        }
        listener.succeeded(call.method().getBareMethodName());
        return answer;
    }

    /** Makes a call once, without waiting; the future fails with a {@link TargetException}. */
    <Q, R> CompletableFuture<R> callAsync(Call<Q, R> call, Q request) {
        CompletableFuture<R> result = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                withHeaders(call.db()).newCall(call.method(), options()),
                request,
                new StreamObserver<>() {
                    @Override
                    public void onNext(R answer) {
                        login.answered();
                        TargetException error =
                                refusal(call.what(), call.status().apply(answer), call.optional());
                        if (error == null) {
                            listener.succeeded(call.method().getBareMethodName());
                            result.complete(answer);
                        } else {
                            result.completeExceptionally(error);
                        }
                    }

                    @Override
                    public void onError(Throwable error) {
                        result.completeExceptionally(
                                failed(
                                        call.what(),
                                        io.grpc.Status.fromThrowable(error).asRuntimeException()));
                    }

                    @Override
                    public void onCompleted() {
                        if (!result.isDone()) {
                            onError(
                                    io.grpc.Status.UNAVAILABLE
                                            .withDescription("it ended the call without one")
                                            .asRuntimeException());
                        }
                    }
                });
        return result;
    }

    private CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(
                config.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private io.grpc.Channel withHeaders(String db) {
        Metadata headers = new Metadata();
        if (!config.token().isEmpty()) {
            headers.put(
                    AUTHORIZATION,
                    Base64.getEncoder()
                            .encodeToString(config.token().getBytes(StandardCharsets.UTF_8)));
        }
        if (!db.isEmpty()) {
            headers.put(DATABASE, db);
        }
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private TargetException refusal(String what, Status status, boolean optional) {
        Outcome outcome = StatusClassifier.classify(status);
        if (outcome == Outcome.OK || outcome == Outcome.ALREADY_DONE) {
            return null;
        }
        int code = StatusClassifier.code(status);
        String message =
                what
                        + " refused by "
                        + config
                        + ": code "
                        + code
                        + ", "
                        + status.getReason()
                        + "; "
                        + StatusClassifier.advice(status);
        boolean fatal =
                outcome == Outcome.FATAL
                        && !(optional && StatusClassifier.isInvalidParameter(status));
        if (StatusClassifier.isUnknownCall(status)) {
            return new FatalTargetException(TargetException.UNKNOWN_CALL, message, null);
        }
        return fatal
                ? new FatalTargetException(code, message, null)
                : new TargetException(Kind.RETRY, code, message, null);
    }

    private TargetException failed(String what, StatusRuntimeException error) {
        Optional<String> tlsFault = TlsFailure.explain(error);
        if (tlsFault.isPresent()) {
            return new FatalTargetException(
                    TargetException.NO_CODE,
                    what + " can't reach " + config + " by TLS: " + tlsFault.get(),
                    error);
        }
        String message =
                what
                        + " got no answer from "
                        + config
                        + ": "
                        + error.getStatus().getCode()
                        + ", "
                        + error.getStatus().getDescription()
                        + "; "
                        + StatusClassifier.advice(error);
        if (error.getStatus().getCode() == io.grpc.Status.Code.UNIMPLEMENTED) {
            return new FatalTargetException(TargetException.UNKNOWN_CALL, message, error);
        }
        return StatusClassifier.classify(error) == Outcome.FATAL && !isDoubtful(error)
                ? new FatalTargetException(TargetException.NO_CODE, message, error)
                : new TargetException(Kind.RETRY, TargetException.NO_CODE, message, error);
    }

    private boolean isDoubtful(StatusRuntimeException error) {
        return error.getStatus().getCode() == io.grpc.Status.Code.UNAUTHENTICATED
                && !login.isSure();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetException(
                    Kind.RETRY,
                    TargetException.NO_CODE,
                    "Interrupted while waiting to call " + config + " again",
                    e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
