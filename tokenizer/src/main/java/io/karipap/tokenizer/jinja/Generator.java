package io.karipap.tokenizer.jinja;

import java.util.Iterator;

/** What filters such as {@code map} give: can be gone through once, has no length and no index. */
record Generator(Iterator<Object> elements) {}
