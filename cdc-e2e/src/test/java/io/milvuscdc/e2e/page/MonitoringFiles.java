// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.milvuscdc.e2e.servers.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The alert rules and the dashboard, and what of a server's metrics they speak of. */
final class MonitoringFiles {

    private static final Pattern METRIC = Pattern.compile("\\b(milvus_cdc|process|jvm)_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(\\b[a-z_]+)\\{([^}]*)\\}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) ?\\(([^)]*)\\)");

    /** What Prometheus itself adds to whatever it reads. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job");

    private final JsonNode rules;
    private final JsonNode dashboard;

    private MonitoringFiles(JsonNode rules, JsonNode dashboard) {
        this.rules = rules;
        this.dashboard = dashboard;
    }

    static MonitoringFiles read() throws IOException {
        return new MonitoringFiles(
                new YAMLMapper().readTree(bytes("deploy/monitoring/alerts.yaml")),
                new ObjectMapper().readTree(bytes("deploy/monitoring/dashboard.json")));
    }

    private static byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(ProjectFiles.find(Path.of(file)));
    }

    JsonNode rules() {
        return rules;
    }

    JsonNode dashboard() {
        return dashboard;
    }

    /** Every expression of both. */
    List<String> expressions() {
        List<String> all = new ArrayList<>();
        rules.findValuesAsText("expr", all);
        dashboard.findValuesAsText("expr", all);
        return all;
    }

    /** Metrics that a server lacks, and labels that its metrics lack, for them to mean anything. */
    Set<String> lackedBy(String metrics) {
        Set<String> lacked = new TreeSet<>();
        for (String expression : expressions()) {
            Matcher metric = METRIC.matcher(expression);
            Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
            while (metric.find()) {
                Set<String> own = labels(metrics, metric.group());
                if (own.isEmpty()) {
                    lacked.add(metric.group());
                }
                labels.addAll(own);
            }
            Matcher selector = SELECTOR.matcher(expression);
            while (selector.find()) {
                Set<String> own = labels(metrics, selector.group(1));
                Matcher label = LABEL.matcher(selector.group(2));
                while (label.find()) {
                    if (!own.contains(label.group(1))) {
                        lacked.add(selector.group(1) + "{" + label.group(1) + "}");
                    }
                }
            }
            Matcher grouping = GROUPING.matcher(expression);
            while (grouping.find()) {
                for (String label : grouping.group(1).split(", *", -1)) {
                    if (!labels.contains(label)) {
                        lacked.add(label + " in: " + expression);
                    }
                }
            }
        }
        return lacked;
    }

    /** A metric's labels as a server shows them; empty when it doesn't have it. */
    private static Set<String> labels(String metrics, String name) {
        Set<String> labels = new TreeSet<>();
        metrics.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .forEach(
                        line -> {
                            labels.add("");
                            Matcher label = Pattern.compile("(\\w+)=\"").matcher(line);
                            while (label.find()) {
                                labels.add(label.group(1));
                            }
                        });
        return labels;
    }
}
