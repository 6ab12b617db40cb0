// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

/** Where something of the source is at the target, or why it is nowhere. */
sealed interface Routing<T> {

    /** It is there. */
    record Found<T>(T at) implements Routing<T> {}

    /**
     * Not yet: something else has to be done first, such as the drop of an older collection of the
     * name.
     */
    record Blocked<T>(String reason) implements Routing<T> {}

    /**
     * Never: it has been dropped at the source and doesn't exist at the target, so what belongs to
     * it is nobody's.
     */
    record Gone<T>() implements Routing<T> {}

    /** Never: it isn't the task's, or what is there isn't what is meant. */
    record Outside<T>() implements Routing<T> {}
}
