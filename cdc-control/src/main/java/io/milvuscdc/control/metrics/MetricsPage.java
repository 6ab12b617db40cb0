// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.metrics;

import io.milvuscdc.control.http.HttpAnswer;
import io.milvuscdc.control.http.HttpCall;
import io.milvuscdc.control.http.HttpPage;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Shows a registry in Prometheus' text format. */
public final class MetricsPage implements HttpPage {

    private final PrometheusRegistry registry;
    private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();

    public MetricsPage(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public HttpAnswer answer(HttpCall call) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        format.write(text, registry.scrape());
        return new HttpAnswer(200, format.getContentType(), text.toString(StandardCharsets.UTF_8));
    }
}
