package io.karipap.server;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * What a response must know of its request.
 *
 * @param id the client's, if it sent a harmless one, or a new one
 * @param method for the log
 * @param label the route's name in metrics and in the log; unknown ones share one, so that clients cannot invent series
 * @param keepAlive whether the connection stays open
 * @param withoutBody whether the client wants no body
 */
record RequestHead(String id, String method, String label, boolean keepAlive, boolean withoutBody) {
    private static final Pattern HARMLESS = Pattern.compile("[\\w.:-]{1,128}");

    static RequestHead of(HttpRequest request, String label, boolean mayStay) {
        String id = request.headers().get("X-Request-Id", "");
        return new RequestHead(
                HARMLESS.matcher(id).matches() ? id : newId("req-"),
                HARMLESS.matcher(request.method().name()).matches()
                        ? request.method().name()
                        : "?",
                label,
                mayStay && HttpUtil.isKeepAlive(request),
                request.method().equals(HttpMethod.HEAD));
    }

    /** A random id. */
    static String newId(String prefix) {
        return prefix + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
