package io.weldr.worker;

import io.weldr.worker.image.OutputType;
import io.weldr.worker.spec.JobSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tomlj.Toml;

/**
 * The arguments of a compose's builder, as {@code config.toml} of its results lists them for people
 * and for clients of lorax-composer. Nothing reads them back.
 */
final class BuilderArguments {
  private static final List<String> FLAGS =
      List.of(
          "make_iso",
          "make_disk",
          "make_fsimage",
          "make_appliance",
          "make_ami",
          "make_tar",
          "make_tar_disk",
          "make_pxe_live",
          "make_ostree_live",
          "make_oci",
          "make_vagrant",
          "ostree",
          "live_rootfs_keep_size",
          "image_type",
          "squashfs_only");

  private BuilderArguments() {}

  /** The TOML text, keys in alphabetical order. */
  static String toml(JobSpec job, OutputType type, HostRelease release, Path result) {
    Map<String, Object> values = new TreeMap<>();
    FLAGS.forEach(flag -> values.put(flag, false));
    values.put("image_only", true);
    values.put("live_rootfs_size", 0L);
    values.put("image_size_align", 0L);
    values.put("qemu_args", List.of());
    values.put("compress_args", List.of());
    values.put("compression", "xz");
    values.put("image_name", type.imageName());
    values.put("title", release.value("PRETTY_NAME"));
    values.put("project", release.value("NAME"));
    values.put("releasever", release.value("VERSION_ID"));
    values.put("volid", "");
    values.put("extra_boot_args", job.customizations().kernelAppend().orElse(""));
    values.put("ks", List.of(result.resolve("final-kickstart.ks").toString()));
    values.put("logfile", result.resolve("logs") + "/");
    values.put("timeout", 60L);
    values.putAll(type.arguments());
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + value(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private static String value(Object value) {
    return switch (value) {
      case List<?> list ->
          list.stream().map(BuilderArguments::value).collect(Collectors.joining(", ", "[", "]"));
      case String text -> "\"" + Toml.tomlEscape(text) + "\"";
      default -> value.toString();
    };
  }
}
