// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.testutils;

import io.milvuscdc.connectors.source.StartPoint;
import io.milvuscdc.control.task.CollectionInfo;
import io.milvuscdc.control.task.MilvusConnectParam;
import io.milvuscdc.control.task.Task;
import io.milvuscdc.control.task.TaskDefinition;
import java.util.List;

/** Tasks as tests want them. */
public final class Tasks {

    private Tasks() {}

    /** A running task of all collections, into a target of its own. */
    public static Task running(String id) {
        return Task.created(
                id,
                TaskDefinition.of(
                        MilvusConnectParam.ofUri("http://" + id + ".example:19530"),
                        List.of(new CollectionInfo(CollectionInfo.ALL, null, false))),
                StartPoint.BEGINNING);
    }
}
