// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.e2e.servers.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files for Prometheus and Grafana are of the right form, and documented. */
final class MonitoringFilesTest {

    private static final Pattern ALERT = Pattern.compile("\\| `(MilvusCdc\\w+)`");

    @Test
    void everyRuleIsWholeAndDocumented() throws Exception {
        JsonNode groups = MonitoringFiles.read().rules().path("groups");
        assertThat(groups).hasSize(1);
        Set<String> names = new TreeSet<>();
        for (JsonNode rule : groups.get(0).path("rules")) {
            String name = rule.path("alert").asText();
            assertThat(name).matches("MilvusCdc\\w+");
            assertThat(names.add(name)).as(name).isTrue();
            Set<String> keys = new TreeSet<>();
            rule.fieldNames().forEachRemaining(keys::add);
            keys.remove("for");
            assertThat(keys).as(name).containsExactly("alert", "annotations", "expr", "labels");
            assertThat(rule.path("for").asText("1s")).as(name).matches("[0-9]+[smhd]");
            assertThat(rule.path("labels").path("severity").asText())
                    .as(name)
                    .isIn("critical", "warning");
            assertThat(rule.path("annotations").path("summary").asText())
                    .as(name)
                    .hasSizeGreaterThan(20);
            assertThat(rule.path("expr").asText()).as(name).containsPattern(">|==");
        }
        Set<String> documented = new TreeSet<>();
        Matcher alert =
                ALERT.matcher(Files.readString(ProjectFiles.find(Path.of("docs/monitoring.md"))));
        while (alert.find()) {
            documented.add(alert.group(1));
        }
        assertThat(documented).isEqualTo(names);
    }

    @Test
    void everyExpressionIsBalanced() throws Exception {
        for (String expression : MonitoringFiles.read().expressions()) {
            Deque<Character> open = new ArrayDeque<>();
            // what stands in quotes isn't looked at
            for (char c : expression.replaceAll("\"[^\"]*\"", "").toCharArray()) {
                switch (c) {
                    case '(', '{', '[' -> open.push(c);
                    case ')' -> assertThat(open.poll()).as(expression).isEqualTo('(');
                    case '}' -> assertThat(open.poll()).as(expression).isEqualTo('{');
                    case ']' -> assertThat(open.poll()).as(expression).isEqualTo('[');
                    default -> assertThat(c).as(expression).isNotEqualTo('"');
                }
            }
            assertThat(open).as(expression).isEmpty();
        }
    }

    @Test
    void thePanelsOfTheDashboardDoNotOverlapAndAskTheChosenPrometheus() throws Exception {
        JsonNode panels = MonitoringFiles.read().dashboard().path("panels");
        Set<Integer> ids = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : panels) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${source}");
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    String cell = (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                    assertThat(taken.add(cell)).as("%s at %s", title, cell).isTrue();
                }
            }
        }
        assertThat(panels.size()).isGreaterThan(10);
    }

    @Test
    void whatAServerLacksIsFound() throws Exception {
        Set<String> lacked =
                MonitoringFiles.read()
                        .lackedBy(
                                """
                                milvus_cdc_task_state{task_id="t"} 1.0
                                milvus_cdc_task_rows_sent_total 3.0
                                """);
        assertThat(lacked)
                .contains("milvus_cdc_task_lag_seconds", "milvus_cdc_task_rows_sent_total{task_id}")
                .doesNotContain("milvus_cdc_task_state", "milvus_cdc_task_rows_sent_total");
    }
}
