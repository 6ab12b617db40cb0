// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.control.api.RequestObserver;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts the API's requests, under the old tool's names. */
public final class RequestMetrics implements RequestObserver {

    private final Counter requests;
    private final Histogram latency;

    public RequestMetrics(PrometheusRegistry registry) {
        this.requests =
                Counter.builder()
                        .name("milvus_cdc_request")
                        .help("Requests to the API. Those that failed are total minus success.")
                        .labelNames("request_type", "request_status")
                        .register(registry);
        this.latency =
                Histogram.builder()
                        .name("milvus_cdc_request_latency")
                        .help("Milliseconds that a successful request took.")
                        .labelNames("request_type")
                        .classicOnly()
                        .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
                        .register(registry);
    }

    @Override
    public void received(String requestType) {
        requests.labelValues(requestType, "total").inc();
    }

    @Override
    public void succeeded(String requestType, long millis) {
        requests.labelValues(requestType, "success").inc();
        latency.labelValues(requestType).observe((double) millis);
    }

    @Override
    public void refused(Refusal why) {
        requests.labelValues(UNKNOWN, why.name().toLowerCase(Locale.ROOT)).inc();
    }
}
