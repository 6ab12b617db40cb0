// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/configuration.md is {@link ConfigKeys} and nothing else. After a change run {@code mvn test
 * -pl cdc-control -am -Dtest=ConfigDocsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dconfig.docs=write}.
 */
final class ConfigDocsTest {

    private static final Path DOCS = Path.of("../docs/configuration.md");

    @TempDir private Path root;

    @BeforeEach
    void makesTheDefaultConfigDirectory() throws Exception {
        Files.createDirectories(root.resolve("conf"));
        Files.writeString(root.resolve("conf/config.yaml"), "");
    }

    @Test
    void theDocumentationIsCurrent() throws Exception {
        if (System.getProperty("config.docs", "").equals("write")) {
            Files.writeString(DOCS, rendered());
        }
        assertThat(DOCS)
                .as("run ConfigDocsTest with -Dconfig.docs=write and commit the result")
                .hasContent(rendered());
    }

    @Test
    void everyKeyThatIsReadIsListedAndTheOtherWayRound() throws Exception {
        assertThat(asked()).isEqualTo(listed());
    }

    @Test
    void theListedDefaultsAreWhatHolds() throws Exception {
        String yaml = "sourceConfig: {kafka: {address: 'k:9092'}}\n";
        ControlConfig nothingSaid = read(yaml, Map.of());
        Map<String, String> environment =
                ConfigKeys.ALL.stream()
                        .filter(key -> key.origin() != ConfigKey.Origin.GO_WITHOUT_EFFECT)
                        .filter(key -> isValue(key.fallback()))
                        .collect(
                                Collectors.toMap(
                                        key -> YamlSettings.variable(key.path()),
                                        ConfigKey::fallback));
        assertThat(environment).hasSizeGreaterThan(20);
        assertThat(read(yaml, environment)).isEqualTo(nothingSaid);
    }

    /** Not words for the absence of one. */
    private static boolean isValue(String fallback) {
        return !fallback.equals("none")
                && !fallback.equals("\"\"")
                && (!fallback.contains(" ") || fallback.matches("\\d+ \\w+"));
    }

    private Set<String> asked() throws Exception {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, "sourceConfig: {kafka: {address: 'k:9092'}}");
        ConfigReader reader = ConfigReader.of(file, Map.of());
        reader.read();
        Set<String> asked = new TreeSet<>(reader.asked());
        return asked;
    }

    private static Set<String> listed() {
        return ConfigKeys.ALL.stream()
                .map(key -> key.path().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private ControlConfig read(String yaml, Map<String, String> environment) throws Exception {
        Path file = root.resolve("conf/cdc.yaml");
        Files.writeString(file, yaml);
        return ConfigReader.of(file, environment).read();
    }

    private static String rendered() {
        return """
                # Configuration

                Made of the code by `ConfigDocsTest`; don't edit it.

                `cdc.yaml` is the Go Milvus-CDC's, with more keys: a file of that tool can be used as it is. Keys are case-insensitive, numbers may be
                quoted. A wrong value, or a key that looks like a misspelt one, is refused at the start with what is allowed; other unknown keys and
                keys without effect are told in the log.

                Each key can also be given by the environment, which wins over the file: `MILVUS_CDC_` and the key in capitals with `_` for
                each dot, as in `MILVUS_CDC_SOURCECONFIG_KAFKA_SASLPASSWORD`. That's the place for secrets (marked *).

                `MILVUS_CDC_SECRET_KEY` (or a file with it, named by `MILVUS_CDC_SECRET_KEY_FILE`) is the key that passwords and tokens of tasks are
                encrypted with in the store, AES-256-GCM; `openssl rand -base64 32` makes one. What was stored without is encrypted at the
                next start. Without the key that a task was stored with the control plane doesn't start, and changes nothing. To change the key give both,
                `NEW,OLD` (in a file: a line each): what the old one encrypted is encrypted with the new one at the next start, after which the old one can go.

                ## Keys of the Go tool

                """
                + table(ConfigKey.Origin.GO)
                + "\n## New keys\n\n"
                + table(ConfigKey.Origin.NEW)
                + "\n## Keys of the Go tool without effect\n\n| key | why |\n|---|---|\n"
                + of(ConfigKey.Origin.GO_WITHOUT_EFFECT).stream()
                        .map(key -> "| `" + key.path() + "` | " + key.meaning() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String table(ConfigKey.Origin origin) {
        return "| key | default | meaning |\n|---|---|---|\n"
                + of(origin).stream()
                        .map(
                                key ->
                                        "| `"
                                                + key.path()
                                                + "`"
                                                + (key.isSecret() ? "*" : "")
                                                + " | "
                                                + key.fallback()
                                                + " | "
                                                + key.meaning()
                                                + " |\n")
                        .collect(Collectors.joining());
    }

    private static List<ConfigKey> of(ConfigKey.Origin origin) {
        return ConfigKeys.ALL.stream().filter(key -> key.origin() == origin).toList();
    }
}
