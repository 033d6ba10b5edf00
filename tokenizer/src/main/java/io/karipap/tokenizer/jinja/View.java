package io.karipap.tokenizer.jinja;

import java.util.List;

/**
 * Keys, values or items of a dict: can be gone through and counted, not indexed.
 *
 * @param type Python's name of it
 */
record View(String type, List<Object> elements) {}
