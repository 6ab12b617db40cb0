// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.task;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The source's replicate channel and where to begin in it, in the API's form.
 *
 * @param name empty, or the one that the configuration names
 * @param position base64 {@code MsgPosition}, empty for "from now on"
 */
public record RpcChannelInfo(
        @JsonProperty("name") String name, @JsonProperty("position") String position) {

    /** Nothing said. */
    public static final RpcChannelInfo NONE = new RpcChannelInfo("", "");

    public RpcChannelInfo {
        name = name == null ? "" : name;
        position = position == null ? "" : position;
    }
}
