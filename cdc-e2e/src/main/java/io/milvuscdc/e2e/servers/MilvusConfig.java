// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.servers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a {@code milvus.yaml} and what belongs beside it: the wheel's template with its defaults,
 * and our values over it.
 */
final class MilvusConfig {

    // {{ name }}, {{ name: default }}, {{ name(type): default }}
    private static final Pattern HOLE = Pattern.compile("\\{\\{[^:}]*(?::\\s*([^}]*?))?\\s*}}");
    private static final List<String> PORTS =
            List.of(
                    "proxy.internalPort",
                    "rootCoord.port",
                    "queryCoord.port",
                    "queryNode.port",
                    "indexNode.port",
                    "dataCoord.port",
                    "dataNode.port");
    private static final List<String> ADDRESSES =
            List.of(
                    "proxy.ip",
                    "rootCoord.ip",
                    "queryCoord.ip",
                    "queryNode.ip",
                    "indexNode.ip",
                    "dataCoord.ip",
                    "dataNode.ip");

    private MilvusConfig() {}

    static void write(
            Path template, Path file, MilvusServer.Options options, FreePorts ports, int port) {
        Map<String, Object> values = new TreeMap<>();
        values.put("etcd.endpoints", options.etcdEndpoint());
        values.put("etcd.use.embed", false);
        values.put("etcd.rootPath", options.name());
        values.put("common.chanNamePrefix.cluster", options.name());
        values.putAll(options.broker().milvusSettings());
        values.put("common.storageType", "local");
        values.put("localStorage.path", file.resolveSibling("storage").toString());
        values.put("rocksmq.path", file.resolveSibling("rocksmq").toString());
        values.put("proxy.port", port);
        PORTS.forEach(key -> values.put(key, ports.next()));
        int indexCoord = ports.next();
        values.put("indexCoord.port", indexCoord);
        values.put("indexCoord.bindIndexNodeMode.address", "127.0.0.1:" + indexCoord);
        ADDRESSES.forEach(key -> values.put(key, "127.0.0.1"));
        values.put("quotaAndLimits.enabled", false);
        values.put("quotaAndLimits.flushRate.enabled", false);
        values.put("log.level", "info");
        values.put("log.file.rootPath", "");
        values.putAll(options.overrides());
        try {
            Files.createDirectories(file.getParent());
            YAMLMapper yaml = new YAMLMapper();
            ObjectNode root = (ObjectNode) yaml.readTree(render(Files.readString(template)));
            values.forEach((key, value) -> put(root, key, yaml.valueToTree(value)));
            yaml.writeValue(file.toFile(), root);
            // without this file beside it the server exits with code 1 and no message
            Files.writeString(
                    file.resolveSibling("glog.conf"), "--logtostderr=true\n--minloglevel=1\n");
        } catch (IOException e) {
            throw new ServerException("cannot write " + file + " from " + template, e);
        }
    }

    private static String render(String template) {
        Matcher hole = HOLE.matcher(template);
        return hole.replaceAll(
                match -> Matcher.quoteReplacement(match.group(1) == null ? "" : match.group(1)));
    }

    private static void put(ObjectNode root, String key, JsonNode value) {
        ObjectNode node = root;
        int start = 0;
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', start)) {
            String part = key.substring(start, dot);
            node = node.get(part) instanceof ObjectNode child ? child : node.putObject(part);
            start = dot + 1;
        }
        node.set(key.substring(start), value);
    }
}
