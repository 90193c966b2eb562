/** Where packages come from. */
package io.weldr.api.source;
