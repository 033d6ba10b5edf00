/**
 * An OpenAI-compatible HTTP endpoint for a model: {@link io.karipap.server.KaripapServer}.
 *
 * @since 0.1
 */
module io.karipap.server {
    requires transitive io.karipap.runtime;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports io.karipap.server;
}
