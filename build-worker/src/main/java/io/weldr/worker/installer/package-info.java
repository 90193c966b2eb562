/** From a final kickstart and frozen packages to the tree of a configured system. */
package io.weldr.worker.installer;
