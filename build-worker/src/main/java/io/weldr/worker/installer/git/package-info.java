/** Packages made of the files of git repositories ({@code repos.git} of blueprints). */
package io.weldr.worker.installer.git;
