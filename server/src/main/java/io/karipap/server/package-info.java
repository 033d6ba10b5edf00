/**
 * An OpenAI-compatible HTTP endpoint on Netty. It only translates: requests become work for the {@link io.karipap.generate.Engine}, its
 * events become responses. Event loops never compute.
 *
 * @since 0.1
 */
package io.karipap.server;
