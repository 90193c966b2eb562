package io.weldr.worker.kickstart;

import java.util.List;

/**
 * An {@code %addon} section: what a plug-in of the installer is told. It can only come from a
 * template.
 *
 * @param options the plug-in's name and the words after it, e.g. {@code com_redhat_kdump}
 * @param body lines up to {@code %end}, each with its line end
 */
public record AddOn(List<String> options, String body) implements Section {
  public AddOn {
    options = List.copyOf(options);
  }
}
