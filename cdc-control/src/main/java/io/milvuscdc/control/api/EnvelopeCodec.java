// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The JSON of requests and answers, escaped and ended like the old tool's. */
final class EnvelopeCodec {

    private final ObjectMapper json =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    EnvelopeCodec() {
        json.getFactory().setCharacterEscapes(new HtmlEscapes());
    }

    /**
     * Parses a body.
     *
     * @throws IOException it isn't JSON; the message repeats nothing of it, as it may hold a
     *     password
     */
    JsonNode decode(byte[] body) throws IOException {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    e.getLocation() == null
                            ? "it isn't JSON"
                            : "it isn't JSON, see line "
                                    + e.getLocation().getLineNr()
                                    + ", column "
                                    + e.getLocation().getColumnNr());
        }
    }

    byte[] encode(Envelope envelope) {
        try {
            return (json.writeValueAsString(envelope) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer can't be written as JSON", e);
        }
    }

    /** What may mean something to a browser is written as an escape. */
    private static final class HtmlEscapes extends CharacterEscapes {

        private final int[] ascii = standardAsciiEscapesForJSON();

        HtmlEscapes() {
            ascii['<'] = ESCAPE_CUSTOM;
            ascii['>'] = ESCAPE_CUSTOM;
            ascii['&'] = ESCAPE_CUSTOM;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii.clone();
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return new SerializedString(String.format(Locale.ROOT, "\\u%04x", character));
        }
    }
}
