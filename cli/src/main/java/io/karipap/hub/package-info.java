/**
 * Models by name: Hugging Face's hub protocol and the layout of its cache, which other programs share. Names, sizes and hashes that
 * come from a server are untrusted; the package needs nothing but the JDK and Jackson.
 */
package io.karipap.hub;
