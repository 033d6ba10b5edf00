package io.karipap.hub;

import java.net.URI;

/**
 * A file as the server has it.
 *
 * @param path in the repository
 * @param uri where it is asked for; the answer may be a redirect
 */
record RemoteBlob(String path, URI uri, ContentHash hash, long bytes) {}
