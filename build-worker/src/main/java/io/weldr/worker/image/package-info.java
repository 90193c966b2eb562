/** Output types as data, and the images made of a tree. */
package io.weldr.worker.image;
