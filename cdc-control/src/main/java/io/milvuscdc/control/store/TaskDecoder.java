// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.task.Task;
import java.io.IOException;

/** Makes a task of what is stored, its secrets decrypted. */
final class TaskDecoder {

    private final TaskCodec codec;
    private final TaskSecrets secrets;

    TaskDecoder(TaskCodec codec, TaskSecrets secrets) {
        this.codec = codec;
        this.secrets = secrets;
    }

    /**
     * The task of a value that this program wrote.
     *
     * @param tree the value's JSON, in which the secrets are decrypted
     * @throws IOException it isn't one
     * @throws StoreException the key doesn't fit
     */
    Task decode(StoredRecord stored, JsonNode tree) throws IOException, StoreException {
        open(stored.taskId(), tree);
        Task task = codec.decode(tree);
        if (!task.id().equals(stored.taskId())) {
            throw new IOException("it holds another task, " + task.id());
        }
        return task;
    }

    /** Decrypts the secrets of a task's JSON. */
    void open(String taskId, JsonNode tree) throws StoreException {
        try {
            secrets.open(taskId, tree);
        } catch (SecretKeyException e) {
            throw new StoreException(
                    "the task "
                            + taskId
                            + " can't be used: "
                            + e.getMessage()
                            + "; start with the key that it was stored with (environment variable"
                            + " MILVUS_CDC_SECRET_KEY or the file of MILVUS_CDC_SECRET_KEY_FILE)."
                            + " Nothing was changed",
                    e);
        }
    }
}
