/** What a model can do besides predicting a text: minimal pairs and last words. */
package io.karipap.evaluate;
