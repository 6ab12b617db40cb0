// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.milvuscdc.job.DeliveryGuarantee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a {@link ControlConfig} of a cdc.yaml, the old tool's included. */
public final class ConfigReader {

    /** The level of the old tool by the level of log4j. */
    private static final Map<String, String> LEVELS =
            Map.of(
                    "debug", "debug",
                    "info", "info",
                    "warn", "warn",
                    "error", "error",
                    "dpanic", "fatal",
                    "panic", "fatal",
                    "fatal", "fatal");

    /** Where {@code bin/milvus-cdc} says that the distribution is. */
    private static final String HOME = "milvus-cdc.home";

    private final Path root;
    private final Path home;
    private final YamlSettings yaml;

    private ConfigReader(Path root, Path home, YamlSettings yaml) {
        this.root = root;
        this.home = home;
        this.yaml = yaml;
    }

    /**
     * Reads a file. Relative paths in it, of certificates too, start at the parent of the file's
     * directory, which is the root of the distribution unless the file is elsewhere.
     *
     * @throws ConfigException it can't be read, or says something that isn't allowed
     */
    public static ConfigReader of(Path file) throws ConfigException {
        return of(
                file, System.getenv(), Optional.ofNullable(System.getProperty(HOME)).map(Path::of));
    }

    /** The same with an environment of one's own. */
    static ConfigReader of(Path file, Map<String, String> environment) throws ConfigException {
        return of(file, environment, Optional.empty());
    }

    /**
     * The same, also with a distribution of one's own.
     *
     * @param home where the distribution is; where relative paths start when that isn't known
     */
    static ConfigReader of(Path file, Map<String, String> environment, Optional<Path> home)
            throws ConfigException {
        Path absolute = file.toAbsolutePath().normalize();
        Path directory = absolute.getParent();
        Path root = directory.getParent() == null ? directory : directory.getParent();
        return new ConfigReader(
                root, home.orElse(root), new YamlSettings(root, tree(absolute), environment));
    }

    private static JsonNode tree(Path file) throws ConfigException {
        try {
            return new YAMLMapper().readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no configuration file " + file);
        } catch (JsonProcessingException e) {
            // the text of the parser repeats the line, which may hold a password
            throw new ConfigException(
                    file
                            + " isn't yaml"
                            + (e.getLocation() == null
                                    ? ""
                                    : ", see line " + e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new ConfigException("the configuration file can't be read: " + e);
        }
    }

    /**
     * All settings, checked.
     *
     * @throws ConfigException names every wrong key
     */
    public ControlConfig read() throws ConfigException {
        ListenAddress address = AddressReader.read(yaml, "address", "127.0.0.1:8444");
        int maxTaskNum = yaml.number("maxTaskNum", 100, 0, 1_000_000);
        int maxNameLength = yaml.number("maxNameLength", 256, 1, 65_535);
        String level = yaml.choice("logLevel", "info", LEVELS.keySet().stream().sorted().toList());
        refuseWhatIsToCome();
        StoreSettings store = new StoreReader(yaml, root).read();
        SourceSettings source = new SourceReader(yaml).read();
        FlinkSettings flink = new FlinkReader(yaml, root, home).read();
        ReplicationSettings replication = replication();
        TransportSettings transport = new TransportReader(yaml).read();
        List<String> warnings = warnings();
        if (!yaml.problems().isEmpty()) {
            throw new ConfigException(String.join("\n", yaml.problems()));
        }
        return new ControlConfig(
                address,
                maxTaskNum,
                maxNameLength,
                LEVELS.get(level),
                store,
                source,
                flink,
                replication,
                transport,
                warnings);
    }

    private ReplicationSettings replication() {
        String guarantee =
                yaml.choice(
                        "replication.deliveryGuarantee",
                        "exactly-once",
                        List.of("exactly-once", "at-least-once"));
        return new ReplicationSettings(
                guarantee.equals("exactly-once")
                        ? DeliveryGuarantee.EXACTLY_ONCE
                        : DeliveryGuarantee.AT_LEAST_ONCE,
                yaml.duration(
                        "replication.checkpointInterval",
                        Duration.ofMillis(400),
                        Duration.ofMillis(50),
                        Duration.ofMinutes(10)));
    }

    /** What would change the data that arrives must not be passed over in silence. */
    private void refuseWhatIsToCome() {
        if (yaml.flag("dryRun")) {
            yaml.problem("dryRun: true isn't supported yet");
        }
        if (yaml.text("replicateID").isPresent()) {
            yaml.problem("replicateID isn't supported yet");
        }
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (ConfigKey key : ConfigKeys.ALL) {
            if (key.origin() == ConfigKey.Origin.GO_WITHOUT_EFFECT && yaml.isSet(key.path())) {
                warnings.add("the key " + key.path() + " has no effect: " + key.meaning());
            }
        }
        Set<String> known = ConfigKeys.keysAndSections();
        for (String key : yaml.unknown()) {
            Optional<String> meant = Spelling.near(key, known);
            if (meant.isPresent()) {
                yaml.problem("the key " + key + " is unknown, is " + meant.get() + " meant?");
            } else {
                warnings.add("the key " + key + " is unknown and ignored");
            }
        }
        yaml.unknownVariables()
                .forEach(name -> warnings.add("the variable " + name + " stands for no key"));
        return warnings;
    }

    /** Every key that {@link #read} has asked for, in lower case. */
    Set<String> asked() {
        return yaml.asked();
    }
}
