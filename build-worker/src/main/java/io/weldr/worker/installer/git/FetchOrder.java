package io.weldr.worker.installer.git;

/**
 * What {@link GitFetchMain} is to do.
 *
 * @param url https, git, ssh or file
 * @param commit 40 hex digits
 * @param mostBytes of all files together
 * @param mostFiles files, links and submodules
 */
record FetchOrder(String url, String commit, long mostBytes, int mostFiles) {}
