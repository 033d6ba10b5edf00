/**
 * Families of models: what a family's files say and what they call it. A family is one class and one line of
 * {@link io.karipap.model.family.Families}; all else of the project sees a {@link io.karipap.model.config.ModelConfig}.
 */
package io.karipap.model.family;
