// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.scale;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.milvus.grpc.MsgBase;
import io.milvus.grpc.MsgType;
import io.milvus.grpc.ReplicateMessageRequest;
import java.io.IOException;
import java.io.InputStream;
import milvus.proto.msg.Msg;

/**
 * Reads of a {@code ReplicateMessageRequest} only how much it brings. Payloads are skipped and not
 * copied: whoever measures a job needs the processors for the job.
 */
final class ArrivedRequest implements Marshaller<TargetCounts> {

    private static final int MESSAGE = bytes(ReplicateMessageRequest.MSGS_FIELD_NUMBER);
    private static final int BASE = bytes(Msg.InsertRequest.BASE_FIELD_NUMBER);
    private static final int TYPE = MsgBase.MSG_TYPE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT;

    private static int bytes(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    public InputStream stream(TargetCounts value) {
        throw new UnsupportedOperationException("requests are only read");
    }

    @Override
    public TargetCounts parse(InputStream stream) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(stream);
            TargetCounts counts = new TargetCounts(1, 0, 0, 0);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == MESSAGE) {
                    counts = counts.plus(message(in));
                } else {
                    in.skipField(tag);
                }
            }
            return counts;
        } catch (IOException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("no ReplicateMessageRequest")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static TargetCounts message(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        int outer = in.pushLimit(length);
        int type = type(in);
        in.skipRawBytes(in.getBytesUntilLimit());
        in.popLimit(outer);
        return switch (type) {
            case MsgType.Insert_VALUE -> new TargetCounts(0, 1, length, 0);
            case MsgType.TimeTick_VALUE -> new TargetCounts(0, 0, 0, 1);
            default -> new TargetCounts(0, 0, 0, 0);
        };
    }

    /** The {@code msg_type} of the message's first field, which is its base. */
    private static int type(CodedInputStream in) throws IOException {
        if (in.readTag() != BASE) {
            throw new IOException("the message doesn't begin with a MsgBase");
        }
        int outer = in.pushLimit(in.readRawVarint32());
        int type = in.readTag() == TYPE ? in.readEnum() : MsgType.Undefined_VALUE;
        in.skipRawBytes(in.getBytesUntilLimit());
        in.popLimit(outer);
        return type;
    }
}
