// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ProjectFiles;
import io.milvuscdc.e2e.servers.ServerException;
import io.milvuscdc.e2e.servers.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real browser without a window, and one page in it. */
final class Browser implements AutoCloseable {

    private static final Path SCRIPT = Path.of("deploy", "lib", "fetch-browser.sh");
    private static final Duration BOUND = Await.PATIENCE;

    private final ObjectMapper json = new ObjectMapper();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> addresses = new CopyOnWriteArrayList<>();
    private final ServerProcess process;
    private final DevTools page;

    private Browser(ServerProcess process, URI debugger) throws Exception {
        this.process = process;
        this.page = new DevTools(debugger, this::note);
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            page.call(domain + ".enable", json.createObjectNode());
        }
    }

    /** Starts it with an empty page; its profile is below the directory. */
    static Browser start(Path directory) throws Exception {
        Path files = fetch();
        int port = new FreePorts().next();
        ServerProcess process =
                new ServerProcess(
                        "chromium",
                        directory,
                        List.of(
                                files.resolve("chromium").toString(),
                                "--headless=shell",
                                // tests may run as root, who has no sandbox
                                "--no-sandbox",
                                "--no-zygote",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--no-first-run",
                                "--font-render-hinting=none",
                                "--user-data-dir=" + directory.resolve("profile"),
                                "--remote-debugging-port=" + port,
                                "about:blank"),
                        Map.of(
                                "LD_LIBRARY_PATH", files.resolve("lib").toString(),
                                // beside those of the system, if it has any
                                "XDG_DATA_HOME", files.toString()));
        process.start();
        try {
            String root = "http://127.0.0.1:" + port;
            process.awaitReady(BOUND, () -> send("GET", root + "/json/version").contains("Chrom"));
            JsonNode target = new ObjectMapper().readTree(send("PUT", root + "/json/new"));
            return new Browser(process, URI.create(target.path("webSocketDebuggerUrl").asText()));
        } catch (Exception e) {
            process.close();
            throw e;
        }
    }

    private static String send(String method, String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(BOUND)
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static Path fetch() throws Exception {
        Path script = ProjectFiles.find(SCRIPT);
        Process fetching =
                new ProcessBuilder(script.toString()).redirectError(Redirect.INHERIT).start();
        try (InputStream out = fetching.getInputStream()) {
            String path = new String(out.readAllBytes(), UTF_8).strip();
            if (fetching.waitFor() != 0) {
                throw new ServerException(script + " failed, see its messages above");
            }
            return Path.of(path);
        }
    }

    private void note(String event, JsonNode what) {
        switch (event) {
            case "Network.requestWillBeSent" ->
                    addresses.add(what.path("request").path("url").asText());
            case "Runtime.exceptionThrown" ->
                    complaints.add(what.path("exceptionDetails").toString());
            case "Log.entryAdded" -> {
                JsonNode entry = what.path("entry");
                // an answer that isn't 200 is logged, too; those are what tests ask for
                if (!entry.path("source").asText().equals("network")) {
                    complaints.add(entry.toString());
                }
            }
            default -> {
                // of no interest
            }
        }
    }

    /** Uncaught errors of scripts, and what the page's policy forbade. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Every address that was asked for. */
    List<String> addresses() {
        return List.copyOf(addresses);
    }

    /** Goes to an address; the page is still being loaded when this returns. */
    void open(String url) throws Exception {
        page.call("Page.navigate", json.createObjectNode().put("url", url));
    }

    /** Sets the window's size and whether the user likes it dark. */
    void look(int width, int height, boolean dark) throws Exception {
        page.call(
                "Emulation.setDeviceMetricsOverride",
                json.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        ObjectNode media = json.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        page.call("Emulation.setEmulatedMedia", media);
    }

    /** The value of an expression. */
    JsonNode eval(String expression) throws Exception {
        JsonNode told =
                page.call(
                        "Runtime.evaluate",
                        json.createObjectNode()
                                .put("expression", expression)
                                .put("returnByValue", true)
                                .put("awaitPromise", true));
        if (told.has("exceptionDetails")) {
            throw new IOException(expression + ": " + told.path("exceptionDetails"));
        }
        return told.path("result").path("value");
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        Await.until("the page: " + expression, BOUND, () -> eval(expression).asBoolean());
    }

    /** What the page, or one element of it, shows; waits for the element. */
    String text(String selector) throws Exception {
        await("document.querySelector(" + quoted(selector) + ") !== null");
        return eval("document.querySelector(" + quoted(selector) + ").innerText").asText();
    }

    /** Waits until an element shows a text. */
    void awaitText(String selector, String text) {
        await(
                "(document.querySelector("
                        + quoted(selector)
                        + ")?.innerText || '').includes("
                        + quoted(text)
                        + ")");
    }

    /** Clicks where an element is, as a mouse does; waits until that can be done. */
    void click(String selector) throws Exception {
        String element = "document.querySelector(" + quoted(selector) + ")";
        await(element + " !== null && !" + element + ".disabled");
        JsonNode at =
                eval(
                        "(() => { const e = "
                                + element
                                + "; e.scrollIntoView({block: 'center'}); const r ="
                                + " e.getBoundingClientRect(); return [r.x + r.width / 2, r.y +"
                                + " r.height / 2]; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            page.call(
                    "Input.dispatchMouseEvent",
                    json.createObjectNode()
                            .put("type", type)
                            .put("x", at.get(0).asDouble())
                            .put("y", at.get(1).asDouble())
                            .put("button", "left")
                            .put("clickCount", 1));
        }
    }

    /** Types into an element. */
    void type(String selector, String text) throws Exception {
        eval("document.querySelector(" + quoted(selector) + ").focus()");
        page.call("Input.insertText", json.createObjectNode().put("text", text));
    }

    /** A picture of the window, PNG. */
    byte[] screenshot() throws Exception {
        return Base64.getDecoder()
                .decode(
                        page.call("Page.captureScreenshot", json.createObjectNode())
                                .path("data")
                                .asText());
    }

    private static String quoted(String text) {
        return new TextNode(text).toString();
    }

    @Override
    public void close() {
        try {
            // ends its processes, too
            page.call("Browser.close", json.createObjectNode());
        } catch (Exception e) {
            // it may be gone before it answers, and is killed if it isn't
        } finally {
            page.close();
            process.close();
        }
    }
}
