// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.catalogue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message that is read by field number. Milvus' etcd messages are internal to it: a few
 * of their fields, whose numbers never change, are all that is needed, so no generated classes.
 * Absent fields read as protobuf's defaults. Every method throws {@link UncheckedIOException} on
 * bytes that aren't such a message.
 */
final class MetaMessage {

    private final String key;
    private final UnknownFieldSet fields;

    private MetaMessage(String key, UnknownFieldSet fields) {
        this.key = key;
        this.fields = fields;
    }

    /** Parses the value of a key; the failure names that key. */
    static MetaMessage parse(String key, ByteString bytes) {
        try {
            return new MetaMessage(key, UnknownFieldSet.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw malformed(key, e);
        }
    }

    private static UncheckedIOException malformed(String key, IOException cause) {
        return new UncheckedIOException(
                "the value of etcd key '" + key + "' is not what Milvus 2.2 to 2.6 writes there",
                cause);
    }

    long number(int field) {
        List<Long> values = fields.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.get(values.size() - 1);
    }

    boolean flag(int field) {
        return number(field) != 0;
    }

    ByteString bytes(int field) {
        List<ByteString> values = fields.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
    }

    String text(int field) {
        return bytes(field).toStringUtf8();
    }

    MetaMessage message(int field) {
        return parse(key, bytes(field));
    }

    List<String> texts(int field) {
        return fields.getField(field).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    /** Repeated numbers, packed or not. */
    List<Long> numbers(int field) {
        List<Long> numbers = new ArrayList<>(fields.getField(field).getVarintList());
        try {
            for (ByteString packed : fields.getField(field).getLengthDelimitedList()) {
                CodedInputStream in = packed.newCodedInput();
                while (!in.isAtEnd()) {
                    numbers.add(in.readRawVarint64());
                }
            }
        } catch (IOException e) {
            throw malformed(key, e);
        }
        return numbers;
    }

    /** The message of a field by its generated class, its unknown fields kept. */
    <T> T message(int field, Parser<T> parser) {
        return parse(key, bytes(field), parser);
    }

    /** Parses a value by its generated class, its unknown fields kept. */
    static <T> T parse(String key, ByteString bytes, Parser<T> parser) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw malformed(key, e);
        }
    }

    <T> List<T> messages(int field, Parser<T> parser) {
        return fields.getField(field).getLengthDelimitedList().stream()
                .map(bytes -> parse(key, bytes, parser))
                .toList();
    }
}
