/** What chat templates expect besides Jinja's own filters and functions; Jinjava calls them by reflection. */
package io.karipap.tokenizer.chat.jinja;
