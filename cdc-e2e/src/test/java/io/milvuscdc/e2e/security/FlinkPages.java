// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;

/**
 * Everything that Flink's REST API answers to a GET: the paths are those that its own classes
 * declare, with every id that the API itself tells put into them.
 */
public final class FlinkPages {

    private static final String MESSAGES = "org/apache/flink/runtime/rest/";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String root;
    private final Map<String, String> seen = new TreeMap<>();

    private FlinkPages(String root) {
        this.root = root;
    }

    /** Path and answer of every page; errors, too, are answers. */
    public static Map<String, String> read(String root) throws Exception {
        FlinkPages pages = new FlinkPages(root);
        for (String template : templates()) {
            for (String path : pages.expand(template)) {
                pages.get(path);
            }
        }
        // served by the UI's own handlers
        for (String path : List.of("/jars", "/jobmanager/log", "/jobmanager/stdout")) {
            pages.get(path);
        }
        return pages.seen;
    }

    static Set<String> templates() throws Exception {
        Set<String> templates = new TreeSet<>();
        Path jar =
                Path.of(
                        RestHandlerSpecification.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (JarFile entries = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(entries.entries())) {
                String name = entry.getName();
                if (name.startsWith(MESSAGES) && name.endsWith("Headers.class")) {
                    addTemplate(
                            Class.forName(
                                    name.substring(0, name.length() - ".class".length())
                                            .replace('/', '.')),
                            templates);
                }
            }
        }
        return templates;
    }

    private static void addTemplate(Class<?> type, Set<String> templates) throws Exception {
        if (!RestHandlerSpecification.class.isAssignableFrom(type)
                || Modifier.isAbstract(type.getModifiers())) {
            return;
        }
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        RestHandlerSpecification page = (RestHandlerSpecification) constructor.newInstance();
        String path = page.getTargetRestEndpointURL();
        // these GETs end a job
        if (page.getHttpMethod() == HttpMethodWrapper.GET && !path.contains("/yarn-")) {
            templates.add(path);
        }
    }

    private List<String> expand(String template) throws Exception {
        int colon = template.indexOf("/:");
        if (colon < 0) {
            return List.of(template);
        }
        int end = template.indexOf('/', colon + 1);
        String name = template.substring(colon + 2, end < 0 ? template.length() : end);
        String before = template.substring(0, colon);
        String after = end < 0 ? "" : template.substring(end);
        List<String> paths = new ArrayList<>();
        for (String value : values(name, before)) {
            paths.addAll(expand(before + "/" + value + after));
        }
        return paths;
    }

    private List<String> values(String name, String before) throws Exception {
        String job = before.startsWith("/jobs/") ? before.split("/", -1)[2] : "";
        return switch (name) {
            case "jobid" -> texts(tell("/jobs").path("jobs"), "id");
            case "vertexid" -> texts(tell("/jobs/" + job).path("vertices"), "id");
            case "taskmanagerid" -> texts(tell("/taskmanagers").path("taskmanagers"), "id");
            case "checkpointid" -> {
                List<String> all =
                        texts(tell("/jobs/" + job + "/checkpoints").path("history"), "id");
                yield all.subList(0, Math.min(2, all.size()));
            }
            case "filename" -> texts(tell(before).path("logs"), "name");
            case "subtaskindex", "attempt" -> List.of("0");
            // of operations that nobody has asked for
            case "triggerid" -> List.of("0".repeat(32));
            default -> throw new AssertionError("what is ':" + name + "' of " + before + "?");
        };
    }

    private static List<String> texts(JsonNode entries, String field) {
        List<String> texts = new ArrayList<>();
        entries.forEach(entry -> texts.add(entry.path(field).asText()));
        return texts;
    }

    private JsonNode tell(String path) throws IOException, InterruptedException {
        return json.readTree(get(path));
    }

    private String get(String path) throws IOException, InterruptedException {
        String known = seen.get(path);
        if (known != null) {
            return known;
        }
        String answer =
                http.send(
                                HttpRequest.newBuilder(URI.create(root + path)).build(),
                                BodyHandlers.ofString())
                        .body();
        seen.put(path, answer);
        return answer;
    }
}
