/** Models for other runtimes: dense matrices rebuilt, and GGUF. Behind this door, file formats that are not ours; nothing is compressed here. */
package io.karipap.export;
