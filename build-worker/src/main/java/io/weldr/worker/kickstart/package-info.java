/**
 * Kickstart documents: model, parser, typed merge of customizations, and the writer that quotes.
 */
package io.weldr.worker.kickstart;
