// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes how the running process logs. Like the old tool it always answers with code 200 and says
 * in words what was done, or why it wasn't.
 *
 * <p>The old tool's sampler writes rows into the log. There's none here, so its two operations are
 * checked and answered, and change nothing.
 */
final class MaintenanceHandler implements RequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceHandler.class);
    private static final String OWN_LOGGERS = "io.milvuscdc";
    private static final Map<String, Level> LEVELS =
            Map.of(
                    "debug", Level.DEBUG,
                    "info", Level.INFO,
                    "warn", Level.WARN,
                    "error", Level.ERROR,
                    "dpanic", Level.FATAL,
                    "panic", Level.FATAL,
                    "fatal", Level.FATAL);
    private static final List<String> TRUE = List.of("1", "t", "T", "TRUE", "true", "True");
    private static final List<String> FALSE = List.of("0", "f", "F", "FALSE", "false", "False");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");

    /** The answer. */
    record Done(@JsonProperty("State") String state) {}

    @Override
    public Object handle(Fields fields) throws ApiException {
        String operation = fields.text("operation");
        Fields params = fields.object("params");
        fields.check("maintenance");
        return new Done(
                switch (operation) {
                    case "set_log_level" -> setLogLevel(params);
                    case "set_force_log_msg" -> forceLogMsg(params);
                    case "reset_log_msg" -> resetLogMsg(params);
                    default -> "unsupported operation: " + operation;
                });
    }

    private static String setLogLevel(Fields params) {
        Optional<String> wanted = param(params, "log_level");
        if (wanted.isEmpty()) {
            return "log_level is required";
        }
        Level level = LEVELS.get(wanted.get().toLowerCase(Locale.ROOT));
        if (level == null) {
            return "parse log level failed: unrecognized level: \"" + wanted.get() + "\"";
        }
        LOG.info("The log level becomes {}", level);
        Configurator.setLevel(OWN_LOGGERS, level);
        return "set log level to " + wanted.get();
    }

    private static String forceLogMsg(Fields params) {
        Optional<String> force = param(params, "force");
        if (force.isEmpty()) {
            return "force is required";
        }
        if (!TRUE.contains(force.get()) && !FALSE.contains(force.get())) {
            return "parse force failed: " + invalid("ParseBool", force.get());
        }
        return "set force log msg to " + TRUE.contains(force.get());
    }

    private static String resetLogMsg(Fields params) {
        for (String name : List.of("count", "duration")) {
            Optional<String> number = param(params, name);
            if (number.isEmpty()) {
                return name + " is required";
            }
            if (!WHOLE.matcher(number.get()).matches()) {
                return "parse " + name + " failed: " + invalid("Atoi", number.get());
            }
        }
        return "reset log msg count to "
                + Long.parseLong(param(params, "count").orElseThrow())
                + ", duration to "
                + Long.parseLong(param(params, "duration").orElseThrow());
    }

    private static String invalid(String function, String text) {
        return "strconv." + function + ": parsing \"" + text + "\": invalid syntax";
    }

    /** A parameter's text, of whatever type it is; whole numbers without a fraction. */
    private static Optional<String> param(Fields params, String name) {
        JsonNode node = params.raw(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        if (node.isNull()) {
            return Optional.of("<nil>");
        }
        if (node.isNumber() && node.canConvertToExactIntegral()) {
            return Optional.of(node.decimalValue().toBigInteger().toString());
        }
        return Optional.of(node.isContainerNode() ? node.toString() : node.asText());
    }
}
