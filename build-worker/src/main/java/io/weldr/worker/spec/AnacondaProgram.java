package io.weldr.worker.spec;

import java.nio.file.Path;

/**
 * The installed Anaconda and what it is told about the product.
 *
 * @param program e.g. {@code /usr/sbin/anaconda}
 * @param productName NAME of os-release(5); chooses Anaconda's product configuration
 * @param productVersion VERSION_ID of it
 * @param timeoutMinutes longest a run may take
 */
public record AnacondaProgram(
    Path program, String productName, String productVersion, int timeoutMinutes) {}
