// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.pulsar;

import io.milvuscdc.connectors.source.SourceChannels;
import io.milvuscdc.connectors.source.SourceException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ClientBuilderImpl;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.api.proto.CommandGetTopicsOfNamespace;
import org.apache.pulsar.common.lookup.GetTopicsResult;
import org.apache.pulsar.common.naming.NamespaceName;
import org.apache.pulsar.common.naming.TopicName;
import org.apache.pulsar.common.util.netty.EventLoopUtil;
import org.apache.pulsar.shade.io.netty.channel.EventLoopGroup;
import org.apache.pulsar.shade.io.netty.util.concurrent.DefaultThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Pulsar client, and its errors in words. Thread-safe. */
final class PulsarConnection implements AutoCloseable {

    /** How long any one question to the broker may take. */
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(PulsarConnection.class);
    private static final String PARTITION = "-partition-";

    private final PulsarQueue queue;
    private final PulsarClientImpl client;
    // not the client's own: closing that takes two seconds, however little there is to close
    private final EventLoopGroup eventLoops;

    private PulsarConnection(
            PulsarQueue queue, PulsarClientImpl client, EventLoopGroup eventLoops) {
        this.queue = queue;
        this.client = client;
        this.eventLoops = eventLoops;
    }

    /** Makes a client; it connects when it's used. */
    static PulsarConnection open(PulsarQueue queue) throws IOException {
        EventLoopGroup eventLoops =
                EventLoopUtil.newEventLoopGroup(
                        1, false, new DefaultThreadFactory("pulsar-client-io", true));
        try {
            ClientBuilder builder =
                    PulsarClient.builder()
                            .serviceUrl(queue.serviceUrl())
                            // otherwise every reader writes a line into the log every minute
                            .loadConf(Map.of("statsIntervalSeconds", 0L))
                            .operationTimeout((int) TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                            .lookupTimeout((int) TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                            .connectionTimeout((int) TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                            .maxBackoffInterval(2, TimeUnit.SECONDS)
                            .enableTlsHostnameVerification(queue.tls().verifyHostname());
            if (!queue.tls().trustCertsFile().isEmpty()) {
                builder.tlsTrustCertsFilePath(queue.tls().trustCertsFile());
            }
            if (!queue.login().plugin().isEmpty()) {
                builder.authentication(queue.login().plugin(), queue.login().params());
            }
            PulsarClientImpl client =
                    PulsarClientImpl.builder()
                            .conf(((ClientBuilderImpl) builder).getClientConfigurationData())
                            .eventLoopGroup(eventLoops)
                            .build();
            return new PulsarConnection(queue, client, eventLoops);
        } catch (PulsarClientException | IllegalArgumentException e) {
            end(eventLoops);
            throw new IOException(
                    "Could not make a client of "
                            + queue
                            + " (are address, authPlugin and authParams of sourceConfig.pulsar"
                            + " right?): "
                            + e.getMessage(),
                    e);
        }
    }

    PulsarQueue queue() {
        return queue;
    }

    PulsarClient client() {
        return client;
    }

    /**
     * The source's channels that exist, by their names without tenant and namespace.
     *
     * @throws SourceException when one is a partitioned topic
     */
    Set<String> channels(SourceChannels wanted) throws IOException {
        requireAccess();
        // only the lookup service answers this without the web address
        GetTopicsResult found =
                await(
                        "list the topics",
                        client.getLookup()
                                .getTopicsUnderNamespace(
                                        NamespaceName.get(queue.tenant(), queue.namespace()),
                                        CommandGetTopicsOfNamespace.Mode.PERSISTENT,
                                        null,
                                        null));
        Set<String> channels = new TreeSet<>();
        for (String topic : found.getTopics()) {
            String name = TopicName.get(topic).getLocalName();
            int partition = name.lastIndexOf(PARTITION);
            if (partition >= 0 && wanted.contains(name.substring(0, partition))) {
                throw new SourceException(
                        "Topic "
                                + topic
                                + " is a partition: Milvus' order is lost on partitioned topics, so"
                                + " they can't be replicated. Let the source's broker make topics"
                                + " non-partitioned (allowAutoTopicCreationType).",
                        null);
            }
            if (wanted.contains(name)) {
                channels.add(name);
            }
        }
        return channels;
    }

    /**
     * The lookup service repeats what fails until the time is up, and then forgets why. What no
     * repetition mends is found out here, on the connection that it uses next.
     */
    private void requireAccess() throws IOException {
        InetSocketAddress broker = client.getLookup().resolveHost();
        try {
            client.getCnxPool()
                    .getConnection(broker)
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (PulsarFailure.isLasting(e)) {
                throw failed("connect to the broker", e.getCause());
            }
            requireTrust(broker, e);
            LOG.debug("{} didn't let itself be connected at once", queue, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("connect to the broker", e);
        }
    }

    private void requireTrust(InetSocketAddress broker, Exception failure) throws IOException {
        Optional<String> fault =
                queue.usesTls() ? TlsCheck.fault(queue.tls(), broker) : Optional.empty();
        if (fault.isPresent()) {
            throw new IOException(
                    "Could not connect to the broker of "
                            + queue
                            + ": "
                            + fault.get()
                            + " (tlsTrustCertsFilePath of sourceConfig.pulsar)",
                    failure);
        }
    }

    /** Waits for an answer, in words when there is none. */
    <T> T await(String what, CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failed(what, e.getCause());
        } catch (TimeoutException e) {
            throw failed(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(what, e);
        }
    }

    IOException failed(String what, Throwable cause) {
        return new IOException(
                "Could not " + what + " of " + queue + ": " + PulsarFailure.inWords(queue, cause),
                cause);
    }

    /**
     * Closes all consumers, and lets go of a broker that doesn't answer: a consumer that isn't
     * closed would try for ever to connect through a client that is.
     */
    @Override
    public void close() {
        try {
            client.closeAsync().get(CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("{} didn't take leave in time: {}", queue, e.toString());
            shutDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            shutDown();
        } finally {
            end(eventLoops);
        }
    }

    private void shutDown() {
        try {
            client.shutdown();
        } catch (PulsarClientException e) {
            // nothing is left to be done with it, and nothing depends on it
            LOG.info("A client of {} didn't shut down as it should", queue, e);
        }
    }

    private static void end(EventLoopGroup eventLoops) {
        // waited for: its classes may be unloaded next
        eventLoops
                .shutdownGracefully(0, CLOSE_BOUND.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_BOUND.toMillis());
    }
}
