// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.milvuscdc.control.config.ControlConfig;
import io.milvuscdc.control.store.StoreException;
import io.milvuscdc.control.store.TaskStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API without its transport: a body in, a body out. Safe for use by several threads. */
public final class CdcApi {

    private static final Logger LOG = LoggerFactory.getLogger(CdcApi.class);
    private static final List<String> TYPES =
            List.of(
                    "maintenance",
                    "create",
                    "delete",
                    "pause",
                    "resume",
                    "get",
                    "position",
                    "list",
                    "check");
    private static final int WRONG_METHOD = 405;

    private final EnvelopeCodec codec = new EnvelopeCodec();
    private final Map<String, RequestHandler> handlers;
    private final RequestObserver observer;

    public CdcApi(
            TaskStore store,
            ControlConfig config,
            Preflight preflight,
            StartFinder starts,
            PositionFinder positions,
            SavepointFinder savepoints,
            Reconciliation reconciliation,
            RequestObserver observer) {
        this.observer = observer;
        Admission admission = new Admission(store, config.maxTaskNum(), savepoints);
        this.handlers =
                Map.of(
                        "create",
                        new CreateHandler(
                                admission,
                                new Creations(starts),
                                config,
                                preflight,
                                starts,
                                reconciliation),
                        "get",
                        new GetHandler(store),
                        "list",
                        new ListHandler(store),
                        "position",
                        new PositionHandler(store, positions),
                        "pause",
                        new PauseHandler(store, reconciliation),
                        "resume",
                        new ResumeHandler(admission, reconciliation),
                        "delete",
                        new DeleteHandler(store, reconciliation),
                        "check",
                        new CheckHandler(admission, config, preflight),
                        "maintenance",
                        new MaintenanceHandler());
    }

    /** Answers a POST. */
    public byte[] answer(byte[] body) {
        return codec.encode(envelope(body));
    }

    /** Answers any other method. */
    public byte[] wrongMethod() {
        observer.refused(RequestObserver.Refusal.INVALID_METHOD);
        return codec.encode(Envelope.failure(WRONG_METHOD, "only support the POST method"));
    }

    /** Answers a body that couldn't be read. */
    public byte[] unreadable(String reason) {
        observer.refused(RequestObserver.Refusal.READ_ERROR);
        return codec.encode(
                Envelope.failure(
                        ApiException.CLIENT_ERROR,
                        "fail to read the request body, error: " + reason));
    }

    private Envelope envelope(byte[] body) {
        Fields request;
        try {
            request = Fields.of(object(body));
        } catch (IOException e) {
            return unmarshalFailure(e.getMessage());
        }
        String type = request.text("request_type");
        Fields data = request.object("request_data");
        try {
            request.check("cdc");
        } catch (ApiException e) {
            return unmarshalFailure("request_type must be a text and request_data an object");
        }
        RequestHandler handler = handlers.get(type);
        if (handler == null) {
            observer.received(RequestObserver.UNKNOWN);
            return Envelope.failure(
                    ApiException.CLIENT_ERROR,
                    "invalid 'request_type' param, can be set [" + String.join(" ", TYPES) + "]");
        }
        observer.received(type);
        long begin = System.nanoTime();
        Envelope answer = handle(type, handler, data.asRoot());
        if (answer.code() == Envelope.OK) {
            observer.succeeded(type, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        }
        return answer;
    }

    private JsonNode object(byte[] body) throws IOException {
        JsonNode tree = codec.decode(body);
        if (!tree.isObject()) {
            throw new IOException("it isn't a JSON object");
        }
        return tree;
    }

    private Envelope unmarshalFailure(String why) {
        observer.refused(RequestObserver.Refusal.UNMARSHAL_ERROR);
        return Envelope.failure(
                ApiException.SERVER_ERROR, "fail to unmarshal the request, error: " + why);
    }

    private static Envelope handle(String type, RequestHandler handler, Fields data) {
        try {
            return Envelope.success(handler.handle(data));
        } catch (ApiException e) {
            return failure(type, e);
        } catch (StoreException e) {
            LOG.error("A {} request wasn't fulfilled", type, e);
            return failure(type, ApiException.server(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure(type, ApiException.server("the server is stopping"));
        } catch (RuntimeException e) {
            LOG.error("A {} request met a fault of this program", type, e);
            return failure(
                    type, ApiException.server("a fault of this program, see the server's log"));
        }
    }

    private static Envelope failure(String type, ApiException e) {
        String message = e.getMessage();
        return Envelope.failure(
                e.code(),
                e.isDecoding()
                        ? message
                        : "fail to handle the " + type + " request, error: " + message);
    }
}
