package io.milvuscdc.connectors.target;

/** What the target has for a source collection. */
public sealed interface Resolution {

    /** Its copy: made by replication, found by its create ts under whatever name. */
    record Routed(TargetCollection collection) implements Resolution {}

    /** A collection of its name and schema that somebody put there: taken as its copy. */
    record Adopt(TargetCollection collection) implements Resolution {}

    /** Nothing, and the name is free: create it. */
    record Missing() implements Resolution {}

    /** Nothing yet, and the name is taken for now: wait, and resolve again. */
    record Blocked(String reason) implements Resolution {}

    /** Nothing, and it's dropped at the source: its messages are of no use any more. */
    record Gone() implements Resolution {}
}
