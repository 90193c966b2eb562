/** Installs with Anaconda, as livemedia-creator runs it without a virtual machine. */
package io.weldr.worker.installer.anaconda;
