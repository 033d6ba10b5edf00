/** Models for other runtimes. */
package io.karipap.export;
