/**
 * The language of chat templates: Jinja2 as Hugging Face's transformers sets it up (trim_blocks, lstrip_blocks, loop controls, a sandbox
 * in which nothing that was given can be changed). {@link io.karipap.tokenizer.jinja.Template} is the door; behind it a lexer, a parser
 * and an evaluator.
 *
 * <p>Values are those of Python: {@code null} is None, {@link java.lang.Boolean}, {@link java.lang.Long} for int, {@link
 * java.lang.Double} for float, {@link io.karipap.tokenizer.jinja.Text} for str, {@link java.util.List} for list and tuple, {@link
 * java.util.Map} for dict, {@link io.karipap.tokenizer.jinja.Undefined} for what is not there. A template sees nothing else: no Java
 * object, no file, no class. Steps, depth and sizes are bounded.
 */
package io.karipap.tokenizer.jinja;
