/** Files that survive a power cut. */
package io.weldr.api.store;
