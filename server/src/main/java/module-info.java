/**
 * An OpenAI-compatible HTTP endpoint for a model: {@link io.karipap.server.KaripapServer}.
 *
 * @since 0.1
 */
module io.karipap.server {
    requires transitive io.karipap.runtime;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports io.karipap.server;
}
