/** JSON in one place for all modules. */
package io.karipap.json;
