// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.target;

import io.grpc.StatusRuntimeException;
import io.milvus.grpc.ErrorCode;
import io.milvus.grpc.Status;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells from an answer of Milvus whether a call succeeded, was done before, may be tried again, or
 * is hopeless. Codes are those of Milvus' {@code merr} package, checked on a 2.3.5; before 2.3 only
 * the old {@link ErrorCode} is set.
 */
final class StatusClassifier {

    /** What an answer means for the call. */
    enum Outcome {
        OK,
        /** The target is already as the call wants it. */
        ALREADY_DONE,
        RETRY,
        FATAL
    }

    /** While it starts; a 2.3.5 that has lost its session in etcd goes on answering this. */
    static final int SERVICE_NOT_READY = 1;

    /** A proxy's while a coordinator is away. */
    static final int SERVICE_UNAVAILABLE = 2;

    static final int COLLECTION_NOT_FOUND = 100;
    static final int COLLECTION_NOT_LOADED = 101;
    static final int COLLECTION_LOADED = 104;
    static final int PARTITION_NOT_FOUND = 200;
    static final int PARTITION_NOT_LOADED = 201;
    static final int REPLICA_NOT_FOUND = 400;
    static final int INDEX_NOT_FOUND = 700;

    /** Also that an index keeps a property from being changed. */
    static final int INDEX_DUPLICATE = 702;

    static final int DATABASE_NOT_FOUND = 800;
    static final int PARAMETER_INVALID = 1100;
    static final int NORMAL_INSTANCE = 1900;
    private static final int RESOURCE_GROUP_NODE_NOT_ENOUGH = 304;
    private static final int PARAMETER_MISSING = 1101;
    private static final int PARAMETER_TOO_LARGE = 1102;
    private static final int DENY_PRODUCE = 1303;
    static final int NOT_AUTHENTICATED = 1400;
    private static final int NOT_PERMITTED = 1401;
    private static final int ALIAS_NOT_FOUND = 1600;
    private static final int INVALID_MESSAGE_BYTES = 1901;
    private static final int UNEXPECTED = 65535;

    private static final Set<Integer> NOT_FOUND =
            Set.of(
                    COLLECTION_NOT_FOUND,
                    PARTITION_NOT_FOUND,
                    INDEX_NOT_FOUND,
                    DATABASE_NOT_FOUND,
                    ALIAS_NOT_FOUND);
    private static final Set<Integer> FATAL =
            Set.of(
                    PARAMETER_INVALID,
                    PARAMETER_MISSING,
                    PARAMETER_TOO_LARGE,
                    DENY_PRODUCE,
                    NOT_AUTHENTICATED,
                    NOT_PERMITTED,
                    NORMAL_INSTANCE,
                    INVALID_MESSAGE_BYTES);

    /** Of Kafka, and of Pulsar's client and broker; in lower case. */
    private static final List<String> TOO_LARGE_FOR_QUEUE =
            List.of(
                    "message size too large",
                    "messagetoobig",
                    "message size exceeds",
                    "message is too large");

    private StatusClassifier() {}

    /** Classifies Milvus' own answer; what it doesn't know is RETRY, which callers bound. */
    static Outcome classify(Status status) {
        if (isSuccess(status)) {
            return Outcome.OK;
        }
        int code = code(status);
        if (FATAL.contains(code)) {
            return Outcome.FATAL;
        }
        String reason = status.getReason().toLowerCase(Locale.ROOT);
        if (reason.contains("already exist") && !reason.contains("alias to another collection")) {
            return Outcome.ALREADY_DONE;
        }
        return reason.contains("not supported in streaming mode") || isTooLargeForQueue(status)
                ? Outcome.FATAL
                : Outcome.RETRY;
    }

    /** Classifies a call that got no answer from Milvus' code. */
    static Outcome classify(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, INVALID_ARGUMENT ->
                    Outcome.FATAL;
            // sent for a message above grpc's size limit, and for an exhausted quota
            case RESOURCE_EXHAUSTED -> tooLarge(error) ? Outcome.FATAL : Outcome.RETRY;
            default -> Outcome.RETRY;
        };
    }

    /** The new code where the server sets one, else the number of the old one. */
    @SuppressWarnings("deprecation") // the old code is all that Milvus before 2.3 answers
    static int code(Status status) {
        if (status.getCode() != 0) {
            return status.getCode();
        }
        return switch (status.getErrorCode()) {
            case Success -> 0;
            case CollectionNotExists, CollectionNameNotFound -> COLLECTION_NOT_FOUND;
            case IndexNotExist -> INDEX_NOT_FOUND;
            case PermissionDenied -> NOT_PERMITTED;
            case IllegalArgument -> PARAMETER_INVALID;
            default -> UNEXPECTED;
        };
    }

    static boolean isSuccess(Status status) {
        return code(status) == 0;
    }

    /** Whether the object that the call names isn't there. */
    static boolean isNotFound(Status status) {
        // 2.3.5 has no code for a role
        return NOT_FOUND.contains(code(status))
                || status.getReason().contains("not found the role");
    }

    /** Whether the target refuses the request as such, whatever its own state. */
    static boolean isInvalidParameter(Status status) {
        return isInvalidParameter(code(status));
    }

    /** The same of an error that says so. */
    static boolean isInvalidParameter(TargetException error) {
        return isInvalidParameter(error.code());
    }

    private static boolean isInvalidParameter(int code) {
        return code == PARAMETER_INVALID
                || code == PARAMETER_MISSING
                || code == PARAMETER_TOO_LARGE;
    }

    /**
     * Whether the target has no code for the call: 2.3 answers calls that it knows by name only
     * with the code of a service that is away, and "ListAliases unimplemented".
     */
    static boolean isUnknownCall(Status status) {
        return code(status) == SERVICE_UNAVAILABLE && status.getReason().contains("unimplemented");
    }

    /** Whether the target hasn't enough query nodes for the replicas asked for. */
    static boolean isTooFewNodes(TargetException error) {
        // 2.3.5 answers 65535 "nodes not enough"
        return error.code() == RESOURCE_GROUP_NODE_NOT_ENOUGH
                || (error.code() == UNEXPECTED
                        && String.valueOf(error.getMessage()).contains("not enough"));
    }

    /** What the person who reads the error should do. */
    static String advice(Status status) {
        return switch (code(status)) {
            case NORMAL_INSTANCE ->
                    "the target is a normal instance: set common.ttMsgEnabled to false on it and"
                            + " restart it";
            case DENY_PRODUCE ->
                    "the target refuses to write to its own queue, as 2.3 does when"
                            + " common.ttMsgEnabled was switched while it ran: restart it";
            case NOT_AUTHENTICATED, NOT_PERMITTED ->
                    "check the login and privileges of the target's user";
            case INVALID_MESSAGE_BYTES ->
                    "the target doesn't know this type of message: is it older than the source?";
            case PARAMETER_INVALID, PARAMETER_MISSING, PARAMETER_TOO_LARGE ->
                    "the target refuses the request as such: is it older than the source, or are"
                            + " its limits lower?";
            default -> adviceByReason(status);
        };
    }

    private static String adviceByReason(Status status) {
        if (isTooLargeForQueue(status)) {
            return "the target's queue takes no message of this size: raise its limit, of Kafka"
                    + " message.max.bytes (and the topic's max.message.bytes), of Pulsar"
                    + " maxMessageSize (and BookKeeper's nettyMaxFrameSizeBytes), to the source's";
        }
        return status.getReason().contains("SegmentIDAllocator")
                ? "the source's clock is ahead of the target's by more than 2 s, or"
                        + " the ids sent aren't the target's: compare the clocks"
                : "if it persists, see the target's log";
    }

    static String advice(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case UNAUTHENTICATED -> "check the user and password, or the token, of the target";
            case PERMISSION_DENIED -> "give the target's user this privilege";
            case UNIMPLEMENTED -> "the target's version has no such call: 2.3.2 to 2.5 are needed";
            case RESOURCE_EXHAUSTED ->
                    tooLarge(error)
                            ? "the message is above the target's proxy.grpc.serverMaxRecvSize:"
                                    + " raise it"
                            : "the target is at a limit";
            default -> "is the target up, reachable and not overloaded?";
        };
    }

    /** Whether the queue of the target refuses a message, which the target answers as any error. */
    private static boolean isTooLargeForQueue(Status status) {
        String reason = status.getReason().toLowerCase(Locale.ROOT);
        return TOO_LARGE_FOR_QUEUE.stream().anyMatch(reason::contains);
    }

    private static boolean tooLarge(StatusRuntimeException error) {
        String text = String.valueOf(error.getStatus().getDescription());
        return text.contains("larger than max") || text.contains("exceeds maximum");
    }
}
