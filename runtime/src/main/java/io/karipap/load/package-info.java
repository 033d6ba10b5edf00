/** A model with its tokenizer as its directory has them: what generation, evaluation and measurements begin with. */
package io.karipap.load;
