/** The options that several commands share, and how progress is shown. */
package io.karipap.cli.option;
