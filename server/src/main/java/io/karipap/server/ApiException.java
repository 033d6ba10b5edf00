package io.karipap.server;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request that gets an error response, in OpenAI's shape. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpResponseStatus status;
    private final String type;
    private final String param;
    private final String code;

    private ApiException(HttpResponseStatus status, String type, String message, String param, String code) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /** 400: {@code param} names the field, or is null. */
    static ApiException badRequest(String param, String message) {
        return new ApiException(HttpResponseStatus.BAD_REQUEST, "invalid_request_error", message, param, null);
    }

    static ApiException of(HttpResponseStatus status, String type, String message, String param, String code) {
        return new ApiException(status, type, message, param, code);
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
}
