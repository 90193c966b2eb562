/** From wishes to exact packages. */
package io.weldr.api.depsolve;
