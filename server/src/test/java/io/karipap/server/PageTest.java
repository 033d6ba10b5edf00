package io.karipap.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karipap.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The page at {@code /} in a headless Chromium, driven by its DevTools protocol. */
@Timeout(180)
class PageTest {
    private static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A page in a browser. */
    private static final class Browser implements AutoCloseable {
        private final Process process;
        private final HttpClient client = HttpClient.newHttpClient();
        private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
        private final WebSocket socket;
        private int calls;

        Browser(Path executable, Path profile, String url) throws Exception {
            process = new ProcessBuilder(
                            executable.toString(),
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--window-size=900,800",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            url)
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("log.txt").toFile())
                    .start();
            Path portFile = profile.resolve("DevToolsActivePort");
            while (!Files.exists(portFile) || Files.readString(portFile).lines().count() < 2) {
                assertThat(process.isAlive())
                        .as(() -> "Chromium runs: " + log(profile))
                        .isTrue();
                Thread.sleep(50);
            }
            int port = Integer.parseInt(Files.readAllLines(portFile).getFirst());
            socket = client.newWebSocketBuilder()
                    .buildAsync(target(port, url), listener())
                    .join();
        }

        private static String log(Path profile) {
            try {
                return Files.readString(profile.resolve("log.txt"));
            } catch (IOException e) {
                return e.toString();
            }
        }

        private URI target(int port, String url) throws Exception {
            while (true) {
                HttpResponse<String> pages = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                for (JsonNode page : TestServer.MAPPER.readTree(pages.body())) {
                    if (page.path("url").asString("").startsWith(url)) {
                        return URI.create(page.path("webSocketDebuggerUrl").asString());
                    }
                }
                Thread.sleep(50);
            }
        }

        private WebSocket.Listener listener() {
            StringBuilder message = new StringBuilder();
            return new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                    message.append(data);
                    if (last) {
                        answers.add(TestServer.MAPPER.readTree(message.toString()));
                        message.setLength(0);
                    }
                    webSocket.request(1);
                    return null;
                }
            };
        }

        private JsonNode call(String method, ObjectNode params) throws InterruptedException {
            int id = ++calls;
            ObjectNode request = Json.object().put("id", id).put("method", method);
            request.set("params", params);
            socket.sendText(TestServer.MAPPER.writeValueAsString(request), true).join();
            while (true) {
                JsonNode answer = answers.poll(60, TimeUnit.SECONDS);
                assertThat(answer).as("answer to %s", method).isNotNull();
                if (answer.path("id").asInt(-1) == id) {
                    return answer.path("result");
                }
            }
        }

        /** The value of an expression of JavaScript. */
        String eval(String expression) throws InterruptedException {
            JsonNode result = call(
                    "Runtime.evaluate",
                    Json.object().put("expression", expression).put("awaitPromise", true));
            assertThat(result.has("exceptionDetails")).as(result.toString()).isFalse();
            return result.path("result").path("value").asString("");
        }

        /** Waits until an expression is true. */
        void await(String expression) throws InterruptedException {
            long end = System.nanoTime() + 60_000_000_000L;
            while (!eval("String(" + expression + ")").equals("true")) {
                assertThat(System.nanoTime()).as(expression).isLessThan(end);
                Thread.sleep(50);
            }
        }

        void screenshot(Path file) throws Exception {
            String data =
                    call("Page.captureScreenshot", Json.object()).path("data").asString();
            Files.write(file, Base64.getDecoder().decode(data));
        }

        @Override
        public void close() {
            socket.abort();
            client.close();
            List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
            process.destroy();
            all.forEach(ProcessHandle::destroy);
            process.onExit().join();
        }
    }

    @Test
    void completesAndChats(@TempDir(cleanup = CleanupMode.NEVER) Path profile) throws Exception {
        Optional<Path> executable = chromium();
        assumeTrue(executable.isPresent(), "skipped: Chromium is not on the path");
        try (TestServer server = new TestServer();
                Browser browser = new Browser(executable.get(), profile, server.url("/"))) {
            browser.await("document.querySelector('#model')?.options.length == 2");
            browser.eval(
                    "document.querySelector('#temperature').value = 0; document.querySelector('#max_tokens').value = 40");
            String expected = server.complete(
                            "{\"model\":\"tales-small\",\"prompt\":\"Once upon a time\",\"max_tokens\":40,\"temperature\":0}")
                    .path("choices")
                    .path(0)
                    .path("text")
                    .asString();
            browser.eval("document.querySelector('#send').click()");
            browser.await("document.querySelector('#stats').textContent.includes('tokens/s')");
            assertThat(browser.eval("document.querySelector('#output').textContent"))
                    .isEqualTo("Once upon a time" + expected);
            browser.screenshot(Path.of("target", "page-completion.png"));
            browser.eval(
                    "document.querySelector('#tab-chat').click(); document.querySelector('#prompt').value = 'Where is my dog?';"
                            + "document.querySelector('#send').click()");
            browser.await("document.querySelector('#stats').textContent.includes('tokens/s')");
            browser.eval(
                    "document.querySelector('#prompt').value = 'And my cat?'; document.querySelector('#send').click()");
            browser.await("!document.querySelector('#send').disabled"
                    + " && document.querySelector('#output').textContent.includes('And my cat?')");
            browser.screenshot(Path.of("target", "page-chat.png"));
            browser.eval("document.querySelector('#temperature').value = 9; document.querySelector('#send').click()");
            browser.await("document.querySelector('#error').textContent.includes('temperature')");
            assertThat(browser.eval("String(messages.length)")).isEqualTo("6");
        }
    }
}
