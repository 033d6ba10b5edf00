package io.karipap.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that gets an error response, in OpenAI's shape. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid_request_error";

    private final transient HttpResponseStatus status;
    private final String type;
    private final String param;
    private final String code;
    private final String[] headers;

    private ApiException(
            HttpResponseStatus status, String type, String message, String param, String code, String... headers) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.headers = headers;
    }

    /** 400: {@code param} names the field, or is null. */
    static ApiException badRequest(String param, String message) {
        return badRequest(param, message, null);
    }

    static ApiException badRequest(String param, String message, String code) {
        return new ApiException(HttpResponseStatus.BAD_REQUEST, INVALID, message, param, code);
    }

    /** A request that is wrong in another way than 400 says. */
    static ApiException invalid(HttpResponseStatus status, String message) {
        return new ApiException(status, INVALID, message, null, null);
    }

    static ApiException unauthorized(String message) {
        return new ApiException(
                HttpResponseStatus.UNAUTHORIZED,
                "authentication_error",
                message,
                null,
                "invalid_api_key",
                HttpHeaderNames.WWW_AUTHENTICATE.toString(),
                "Bearer");
    }

    static ApiException notFound(String message, String param, String code) {
        return new ApiException(HttpResponseStatus.NOT_FOUND, "not_found_error", message, param, code);
    }

    static ApiException wrongMethod(HttpMethod method, HttpMethod expected) {
        return new ApiException(
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                INVALID,
                "the method is " + method + ", expected " + expected,
                null,
                null,
                HttpHeaderNames.ALLOW.toString(),
                expected.name());
    }

    static ApiException tooMany(String message) {
        return new ApiException(
                HttpResponseStatus.TOO_MANY_REQUESTS, "rate_limit_error", message, null, "queue_full", retryAfter("1"));
    }

    static ApiException unavailable(String message, String code) {
        return new ApiException(
                HttpResponseStatus.SERVICE_UNAVAILABLE, "server_error", message, null, code, retryAfter("5"));
    }

    /** 500: the cause is for the log only. */
    static ApiException internal() {
        return new ApiException(
                HttpResponseStatus.INTERNAL_SERVER_ERROR, "server_error", "the request failed inside", null, null);
    }

    private static String[] retryAfter(String seconds) {
        return new String[] {HttpHeaderNames.RETRY_AFTER.toString(), seconds};
    }

    HttpResponseStatus status() {
        return status;
    }

    String type() {
        return type;
    }

    String param() {
        return param;
    }

    String code() {
        return code;
    }

    /** Names and values in turn. */
    String[] headers() {
        return headers.clone();
    }
}
