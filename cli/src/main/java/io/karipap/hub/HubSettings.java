package io.karipap.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models come from and where they are kept, from the environment variables that Hugging Face's own programs read.
 *
 * @param endpoint {@code HF_ENDPOINT}, else {@code https://huggingface.co}; without a slash at its end
 * @param cache {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else {@code XDG_CACHE_HOME/huggingface/hub}, else
 *     {@code ~/.cache/huggingface/hub}
 * @param token {@code HF_TOKEN}, else the content of the file {@code HF_TOKEN_PATH} or {@code HF_HOME/token}
 * @param offline {@code HF_HUB_OFFLINE}: no server is asked
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline) {
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
    private static final int MAX_TOKEN_LENGTH = 4096;

    /**
     * @param environment as of {@link System#getenv()}
     * @param home the user's home directory
     * @throws IllegalArgumentException if a variable cannot be understood
     * @throws IOException if the token's file cannot be read
     */
    public static HubSettings of(Map<String, String> environment, Path home) throws IOException {
        Path cacheHome = path(environment, "XDG_CACHE_HOME", home).orElse(home.resolve(".cache"));
        Path hub = path(environment, "HF_HOME", home).orElse(cacheHome.resolve("huggingface"));
        Path cache = path(environment, "HF_HUB_CACHE", home)
                .or(() -> path(environment, "HUGGINGFACE_HUB_CACHE", home))
                .orElse(hub.resolve("hub"));
        Path tokenFile = path(environment, "HF_TOKEN_PATH", home).orElse(hub.resolve("token"));
        boolean offline = isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE");
        return new HubSettings(
                endpoint(value(environment, "HF_ENDPOINT").orElse("https://huggingface.co")),
                cache.toAbsolutePath().normalize(),
                token(environment, tokenFile),
                offline);
    }

    /** Those of this process. */
    public static HubSettings ofProcess() throws IOException {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    public HubSettings withCache(Path newCache) {
        return new HubSettings(endpoint, newCache.toAbsolutePath().normalize(), token, offline);
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        return value(environment, name)
                .map(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }

    private static Optional<Path> path(Map<String, String> environment, String name, Path home) {
        return value(environment, name)
                .map(text -> text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text)
                .map(Path::of);
    }

    private static URI endpoint(String text) {
        URI uri = null;
        try {
            uri = URI.create(text.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            // The sentence below says it.
        }
        if (uri == null
                || uri.getHost() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null
                || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                    "HF_ENDPOINT is \"" + text + "\", expected a URL such as https://huggingface.co");
        }
        return uri;
    }

    private static Optional<String> token(Map<String, String> environment, Path file) throws IOException {
        if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return Optional.empty();
        }
        Optional<String> token = value(environment, "HF_TOKEN").or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"));
        if (token.isPresent()) {
            return Optional.of(checked("HF_TOKEN", token.get()));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        if (Files.size(file) > MAX_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    file + " has " + Files.size(file) + " bytes, expected a token of Hugging Face");
        }
        String text = Files.readString(file).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(checked(file.toString(), text));
    }

    private static String checked(String source, String token) {
        if (token.length() > MAX_TOKEN_LENGTH || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    source + " holds characters that no token has, expected one such as hf_abc123");
        }
        return token;
    }

    /** Without the token, so that it is in no message. */
    @Override
    public String toString() {
        return endpoint + ", cache " + cache + (offline ? ", offline" : "")
                + (token.isPresent() ? ", with a token" : "");
    }
}
