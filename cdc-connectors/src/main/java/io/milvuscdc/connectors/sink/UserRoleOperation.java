// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.connectors.sink;

import com.google.protobuf.ByteString;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A change of users, roles or grants at the source (replicate channel), done at the target with the
 * next commit. Its text form doesn't show the request, which may hold a password.
 *
 * @param type the request's {@code msg_type}
 * @param request the request as the source got it
 */
public record UserRoleOperation(int type, ByteString request) {

    void write(DataOutputView out) throws IOException {
        out.writeInt(type);
        out.writeInt(request.size());
        out.write(request.toByteArray());
    }

    static UserRoleOperation read(DataInputView in) throws IOException {
        int type = in.readInt();
        byte[] request = new byte[in.readInt()];
        in.readFully(request);
        return new UserRoleOperation(type, ByteString.copyFrom(request));
    }

    @Override
    public String toString() {
        return "UserRoleOperation[type=" + type + "]";
    }
}
