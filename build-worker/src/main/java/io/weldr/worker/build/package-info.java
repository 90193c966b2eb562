/**
 * The recipe of a compose and the job process that carries it out: kickstart, then installer, then
 * image.
 */
package io.weldr.worker.build;
