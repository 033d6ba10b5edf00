/**
 * Bytes on disk: safetensors, read by mapping and written atomically, and the places models are read from. Files are untrusted; every
 * size is checked before anything is allocated or mapped.
 */
package io.karipap.format;
