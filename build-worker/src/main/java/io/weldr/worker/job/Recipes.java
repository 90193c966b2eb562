package io.weldr.worker.job;

import io.weldr.worker.spec.JobSpec;

/** Turns a job into the documents by which it will be built, or says why it cannot be. */
@FunctionalInterface
public interface Recipes {
  /**
   * The documents of a job.
   *
   * @throws RequestRefusedException INVALID when the output type does not exist here or its
   *     kickstart cannot be rendered or carried out
   */
  Documents documents(JobSpec job) throws RequestRefusedException;

  /**
   * What is stored with the results of a compose from the start.
   *
   * @param template the output type's kickstart template, unchanged
   * @param finalKickstart what the job will carry out
   * @param config TOML of the builder's arguments
   * @param imageName base name of the image
   * @param imageBytes how large it will be, as far as that is known beforehand
   */
  record Documents(
      String template, String finalKickstart, String config, String imageName, long imageBytes) {}
}
