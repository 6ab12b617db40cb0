// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.util.TimeUtils;

/**
 * Typed access to a yaml tree by dotted path. Keys are case-insensitive and scalars may be written
 * as numbers or text, as the old tool allows. Wrong values are collected rather than thrown, so
 * that all of them are told at once; so are the keys that nobody asked for. Not for use by several
 * threads.
 */
final class YamlSettings {

    private static final String ENVIRONMENT_PREFIX = "MILVUS_CDC_";

    /** What the shell scripts and the tests use. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of("MILVUS_CDC_CACHE", "MILVUS_CDC_JAVA_OPTS", "MILVUS_CDC_LOG_DIR");

    private final Path directory;
    private final JsonNode root;
    private final Map<String, String> environment;
    private final TreeSet<String> known = new TreeSet<>();
    private final TreeSet<String> knownTrees = new TreeSet<>();
    private final Set<String> variables = new TreeSet<>(OTHER_VARIABLES);
    private final List<String> problems = new ArrayList<>();

    /**
     * Settings.
     *
     * @param directory where relative paths start
     * @param environment variables; one that's named like a key, as in {@code
     *     MILVUS_CDC_SOURCECONFIG_KAFKA_SASLPASSWORD}, wins over the file
     */
    YamlSettings(Path directory, JsonNode root, Map<String, String> environment) {
        this.directory = directory;
        this.root = root;
        this.environment = environment;
        if (!root.isObject() && !root.isMissingNode()) {
            problems.add("the file holds no keys");
        }
    }

    /** The text at the path, empty when it's absent or empty. */
    Optional<String> text(String path) {
        known.add(lower(path));
        JsonNode node = node(path);
        if (node.isContainerNode()) {
            problems.add(path + " must be a single value");
            return Optional.empty();
        }
        return node.isMissingNode() || node.isNull() || node.asText().isEmpty()
                ? Optional.empty()
                : Optional.of(node.asText());
    }

    /** The text at the path or, when it's absent, the fallback. */
    String text(String path, String fallback) {
        return text(path).orElse(fallback);
    }

    /** The text at the path; absence is a problem. */
    String required(String path, String example) {
        Optional<String> value = text(path);
        if (value.isEmpty()) {
            problems.add(path + " is missing, for example " + path + ": " + example);
        }
        return value.orElse("");
    }

    /** A whole number within bounds. */
    int number(String path, int fallback, int min, int max) {
        Optional<String> text = text(path);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            int value = Integer.parseInt(text.get().trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of bounds
        }
        refuse(path, text.get(), "a whole number from " + min + " to " + max);
        return fallback;
    }

    /** {@code true} or {@code false}, false when absent. */
    boolean flag(String path) {
        String text = lower(text(path, "false"));
        if (!text.equals("true") && !text.equals("false")) {
            refuse(path, text, "true or false");
        }
        return text.equals("true");
    }

    /** One of the allowed words, in any case; the word as it's in the list. */
    String choice(String path, String fallback, List<String> allowed) {
        Optional<String> text = text(path);
        if (text.isEmpty()) {
            return fallback;
        }
        for (String word : allowed) {
            if (word.equalsIgnoreCase(text.get())) {
                return word;
            }
        }
        refuse(path, text.get(), "one of " + String.join(", ", allowed));
        return fallback;
    }

    /** A duration such as {@code 500ms}, within bounds. */
    Duration duration(String path, Duration fallback, Duration min, Duration max) {
        Optional<String> text = text(path);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            Duration value = TimeUtils.parseDuration(text.get());
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // told below, like a duration out of bounds
        }
        refuse(
                path,
                text.get(),
                "a duration with its unit from "
                        + TimeUtils.formatWithHighestUnit(min)
                        + " to "
                        + TimeUtils.formatWithHighestUnit(max));
        return fallback;
    }

    /** A list, or one text with commas. */
    List<String> texts(String path) {
        if (!node(path).isArray()) {
            return text(path).stream()
                    .flatMap(text -> Stream.of(text.split(",", -1)))
                    .map(String::trim)
                    .filter(text -> !text.isEmpty())
                    .toList();
        }
        knownTrees.add(lower(path));
        List<String> values = new ArrayList<>();
        for (JsonNode item : node(path)) {
            if (item.isContainerNode() || item.asText().isEmpty()) {
                problems.add(path + " must be a list of texts");
            } else {
                values.add(item.asText());
            }
        }
        return values;
    }

    /** A section whose keys are free; its values are texts. */
    Map<String, String> map(String path) {
        knownTrees.add(lower(path));
        Map<String, String> values = new TreeMap<>();
        node(path)
                .fields()
                .forEachRemaining(
                        entry -> {
                            if (entry.getValue().isContainerNode()) {
                                problems.add(path + "." + entry.getKey() + " must be one value");
                            } else {
                                values.put(entry.getKey(), entry.getValue().asText());
                            }
                        });
        return values;
    }

    /** True when the section or value is there and not empty. */
    boolean isSet(String path) {
        knownTrees.add(lower(path));
        JsonNode node = node(path);
        return node.isContainerNode() ? !node.isEmpty() : !node.asText("").isEmpty();
    }

    /** Tells of a value that's wrong for a reason of the caller's. The value isn't repeated. */
    void problem(String text) {
        problems.add(text);
    }

    /** All that was wrong so far, in words. */
    List<String> problems() {
        return problems;
    }

    /** Paths in the file that nobody asked for. */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        collectUnknown("", root, unknown);
        return unknown;
    }

    /** Variables of the environment that look like keys of this program and are none. */
    List<String> unknownVariables() {
        return environment.keySet().stream()
                .filter(name -> name.startsWith(ENVIRONMENT_PREFIX) && !variables.contains(name))
                .sorted()
                .toList();
    }

    /** Every path that has been asked for, in lower case. */
    Set<String> asked() {
        Set<String> all = new TreeSet<>(known);
        all.addAll(knownTrees);
        return all;
    }

    private void collectUnknown(String prefix, JsonNode section, List<String> unknown) {
        section.fields()
                .forEachRemaining(
                        entry -> {
                            String path = prefix + entry.getKey();
                            String key = lower(path);
                            if (known.contains(key) || knownTrees.contains(key)) {
                                return;
                            }
                            if (entry.getValue().isObject() && isSection(key)) {
                                collectUnknown(path + ".", entry.getValue(), unknown);
                            } else {
                                unknown.add(path);
                            }
                        });
    }

    private boolean isSection(String key) {
        return Stream.of(known, knownTrees)
                .map(paths -> paths.ceiling(key + "."))
                .anyMatch(path -> path != null && path.startsWith(key + "."));
    }

    /** The path of a file that a value names, whatever this process' own directory is. */
    String file(String value) {
        try {
            return directory.resolve(value).toString();
        } catch (InvalidPathException e) {
            // whoever opens it says so in words
            return value;
        }
    }

    /** A variable of the environment that isn't named like a key, empty when it's not set. */
    Optional<String> environment(String name) {
        variables.add(name);
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** The variable that stands for a key. */
    static String variable(String path) {
        return ENVIRONMENT_PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private JsonNode node(String path) {
        Optional<String> override = environment(variable(path));
        if (override.isPresent()) {
            return TextNode.valueOf(override.get());
        }
        JsonNode node = root;
        for (String key : path.split("\\.", -1)) {
            node = child(node, key);
        }
        return node;
    }

    private static JsonNode child(JsonNode section, String key) {
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            if (entry.getKey().equalsIgnoreCase(key)) {
                return entry.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private void refuse(String path, String value, String allowed) {
        problems.add(path + " must be " + allowed + ", but it's '" + value + "'");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return known.stream().collect(Collectors.joining(", ", "settings [", "]"));
    }
}
