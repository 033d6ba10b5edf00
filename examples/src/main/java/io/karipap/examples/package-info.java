/** Small whole programs that use the library. Start them with {@code --add-modules jdk.incubator.vector}. */
package io.karipap.examples;
