/**
 * From a request to a planned, queued compose, and what is known of every compose. Knows neither
 * HTTP nor the wire format of the worker.
 */
package io.weldr.api.compose;
