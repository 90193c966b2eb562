/**
 * The private socket of the build worker. The only package that knows the protocol: others see
 * plain values and typed exceptions.
 */
package io.weldr.api.worker;
