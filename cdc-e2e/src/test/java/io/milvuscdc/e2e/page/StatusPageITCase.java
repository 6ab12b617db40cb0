// SPDX-FileCopyrightText: The Milvus-CDC on Flink authors
// SPDX-License-Identifier: Apache-2.0
package io.milvuscdc.e2e.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.milvuscdc.connectors.tls.TlsConfig;
import io.milvuscdc.control.config.ListenAddress;
import io.milvuscdc.control.config.TransportSettings;
import io.milvuscdc.control.http.HttpAnswer;
import io.milvuscdc.control.http.HttpListener;
import io.milvuscdc.control.status.StatusPages;
import io.milvuscdc.e2e.servers.Await;
import io.milvuscdc.e2e.servers.FreePorts;
import io.milvuscdc.e2e.servers.ServerDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The status page in a real browser, before a server whose answers no real one would give: names
 * that are HTML, refusals, silence. {@code ControlPlanesITCase} has it before a real one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StatusPageITCase {

    private static final String TOKEN = "a-token-of-the-test";
    private static final String EVIL =
            "<script>document.title='seen'</script><img src=x onerror=1>";
    private static final Duration BOUND = Await.PATIENCE;

    private final int port = new FreePorts().next();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String status;
    private volatile String answer;
    private Browser browser;
    private HttpListener server;

    @BeforeAll
    void startBrowser() throws Exception {
        browser = Browser.start(ServerDirectory.of("page"));
    }

    @AfterAll
    void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void answersWell() {
        status = status("Running");
        answer = "{\"code\":200}";
    }

    @AfterEach
    void stopServer() throws Exception {
        browser.eval("sessionStorage.clear()");
        browser.open("about:blank");
        server.close();
    }

    @Test
    void namesAndReasonsAreShownAsTheTextThatTheyAre() throws Exception {
        status = status("Paused");
        start("");
        open();
        browser.awaitText(".task .reason", EVIL);
        browser.click(".collections summary");
        browser.awaitText(".collections td", EVIL);
        browser.awaitText(".collections td:last-child", "446123456789012345");
        browser.awaitText(
                ".waiting li", "Rows of shop." + EVIL + " wait, the first for 9.0 s: " + EVIL);
        assertThat(browser.text(".task h2")).isEqualTo("task-1");
        assertThat(browser.eval("document.title").asText()).isEqualTo("Milvus-CDC");
        assertThat(browser.eval("document.querySelectorAll('img, main script').length").asInt())
                .isZero();
        assertThat(browser.eval("document.querySelector('a.job').hidden").asBoolean())
                .as("a link that is a script isn't shown")
                .isTrue();
        assertOnlyOwnRequests();
    }

    @Test
    void tellsOfEachCollectionHowFarItIsAndWhatWaitsAndHowManyAreNotShown() throws Exception {
        start("");
        open();
        browser.click(".collections summary");
        browser.awaitText(
                ".collections summary",
                "Collections with rows since the job's start: 1,202, of which 1,200 with older rows");
        String first = ".collections tr:nth-child(1) td";
        browser.awaitText(first + ":nth-child(2)", "unknown");
        browser.awaitText(first + ":nth-child(4)", "9.0 s, waits");
        String second = ".collections tr:nth-child(2) td";
        browser.awaitText(second + ":nth-child(1)", "default.orders");
        browser.awaitText(second + ":nth-child(2)", "1,234 rows/s");
        browser.awaitText(second + ":nth-child(3)", ":");
        browser.awaitText(second + ":nth-child(4)", "up to date");
        browser.awaitText(second + ":nth-child(9)", "12.3 MB");
        assertThat(browser.eval("document.querySelectorAll('.waiting li').length").asInt())
                .isEqualTo(1);
        browser.click(".task details:nth-of-type(2) summary");
        browser.awaitText(".task details:nth-of-type(2) td:last-child", "2.0 s");
        assertOnlyOwnRequests();
    }

    @Test
    void asksForTheTokenAndKeepsItOutOfAddresses() throws Exception {
        start(TOKEN);
        open();
        browser.await("!document.getElementById('login').hidden");
        assertThat(browser.text("#tasks")).isEmpty();
        browser.type("#token", "wrong");
        browser.click("#login button");
        browser.awaitText("#problem", "doesn't accept this token");
        browser.type("#token", TOKEN);
        browser.click("#login button");
        browser.awaitText(".task h2", "task-1");
        assertThat(browser.eval("document.getElementById('login').hidden").asBoolean()).isTrue();
        assertThat(browser.eval("location.href + document.cookie").asText()).isEqualTo(url());
        assertThat(browser.eval("localStorage.length").asInt()).isZero();
        assertThat(browser.addresses()).noneMatch(address -> address.contains(TOKEN));

        open();
        browser.awaitText(".task h2", "task-1");
        browser.click("#forget");
        browser.await("!document.getElementById('login').hidden");
        assertThat(browser.eval("sessionStorage.length").asInt()).isZero();
        assertThat(browser.eval("document.querySelectorAll('.task').length").asInt()).isZero();
        assertOnlyOwnRequests();
    }

    @Test
    void saysWhenTheServerDoesNotAnswerAndWhenARequestIsRefused() throws Exception {
        start("");
        open();
        browser.awaitText(".task .state", "Running");
        answer = "{\"code\":500,\"message\":\"the store is full\"}";
        browser.click(".task .toggle");
        browser.awaitText(".task", "pause failed: the store is full");
        server.close();
        browser.awaitText("#problem", "The server doesn't answer as it should");
        browser.awaitText("#problem", "what is below is from then");
        browser.awaitText(".task h2", "task-1");
        start("");
        browser.await("document.getElementById('problem').hidden");
        browser.await("!document.body.classList.contains('stale')");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void asksBeforeItDeletes() throws Exception {
        start("");
        open();
        browser.click(".task .delete");
        browser.awaitText("#confirm", "task-1");
        browser.click("#confirm-no");
        browser.await("!document.getElementById('confirm').open");
        assertThat(requests).isEmpty();
        browser.click(".task .delete");
        status = "{\"time\":1,\"flink_ui\":\"\",\"tasks\":[]}";
        browser.click("#confirm-yes");
        Await.until("the request", BOUND, () -> !requests.isEmpty());
        assertThat(requests)
                .containsExactly(
                        "{\"request_type\":\"delete\",\"request_data\":{\"task_id\":\"task-1\"}}");
        browser.await("document.querySelectorAll('.task').length === 0");
        browser.await("!document.getElementById('none').hidden");
        assertOnlyOwnRequests();
    }

    @Test
    void fitsANarrowWindowAndADarkRoom() throws Exception {
        start("");
        browser.look(340, 700, false);
        open();
        browser.awaitText(".task h2", "task-1");
        browser.click(".collections summary");
        String light = background();
        assertThat(
                        browser.eval(
                                        "document.documentElement.scrollWidth <="
                                                + " document.documentElement.clientWidth")
                                .asBoolean())
                .as("nothing sticks out")
                .isTrue();
        assertThat(browser.eval("document.querySelectorAll('.task svg polyline').length").asInt())
                .as("a line per chart, and a gap in the one where nothing was known")
                .isEqualTo(3);
        browser.look(340, 700, true);
        assertThat(background()).isNotEqualTo(light);
        browser.look(1024, 768, false);
        assertThat(background()).isEqualTo(light);
    }

    private String background() throws Exception {
        return browser.eval("getComputedStyle(document.body).backgroundColor").asText();
    }

    private void assertOnlyOwnRequests() {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.addresses())
                .allMatch(address -> address.startsWith(url()) || address.equals("about:blank"));
    }

    private void open() throws Exception {
        browser.open(url());
        browser.await("location.href === '" + url() + "' && document.readyState === 'complete'");
    }

    private String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    private void start(String token) throws IOException {
        requests.clear();
        ListenAddress address = new ListenAddress("127.0.0.1", port);
        server =
                new HttpListener(
                        "the test",
                        "address",
                        address,
                        new TransportSettings(
                                address,
                                token,
                                List.of(),
                                TransportSettings.DEFAULT_MAX_BODY,
                                TlsConfig.SYSTEM));
        StatusPages.registerFiles(server);
        server.page("/status", call -> HttpAnswer.json(200, status));
        server.page(
                "/cdc",
                call -> {
                    requests.add(new String(call.body(), StandardCharsets.UTF_8));
                    return HttpAnswer.json(200, answer);
                });
        server.start();
    }

    private static String status(String state) {
        return """
        {"time": 1700000010000, "flink_ui": "http://127.0.0.1:1", "tasks": [
          {"task_id": "task-1", "state": "%s", "reason": "%s", "target": "http://target:19530",
           "lag_seconds": 3.5, "committed_time": 1700000006500, "rows_per_second": 12.5,
           "job_id": "0", "job_ui": "javascript:document.title='seen'",
           "job": {"time": 1700000009000, "rows_sent": 1234567, "restarts": 1,
                   "checkpoint_time": 1700000009500, "checkpoints_failed": 2},
           "channels": [{"channel_name": "by-dev-rootcoord-dml_0", "read_time": 1700000008000, "lag_seconds": 2.0}],
           "collections_total": 1202,
           "collections": [{"collection_id":446123456789012345, "database": "shop", "name": "%s",
                            "inserted_read": 9, "inserted_sent": 8, "deleted_read": 3, "deleted_sent": 2,
                            "bytes_sent": 900, "rows_per_second": null, "last_row_time": 1600000000000,
                            "lag_seconds": 9.0, "waiting_since": 1700000001000, "waiting_reason": "%s"},
                           {"collection_id":446123456789012346, "database": "default", "name": "orders",
                            "inserted_read": 9, "inserted_sent": 8, "deleted_read": 3, "deleted_sent": 2,
                            "bytes_sent": 12345678, "rows_per_second": 1234.0, "last_row_time": 1700000009000,
                            "lag_seconds": 0.0, "waiting_since": null}],
           "history": {"time": [1699999990000, 1699999995000, 1700000000000, 1700000005000],
                       "lag_seconds": [1.5, null, 2.5, 3.5],
                       "rows_per_second": [10.0, 11.0, 12.0, 12.5]}}]}
        """
                .formatted(state, state.equals("Paused") ? EVIL : "", EVIL, EVIL);
    }
}
