package io.weldr.api.blueprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scripts of the first boot. */
public record FirstbootSection(List<Script> scripts) implements Section {
  public FirstbootSection {
    scripts = List.copyOf(scripts);
  }

  /**
   * A script; which fields it has depends on its type.
   *
   * @param type custom, satellite or aap
   * @param contents of a custom script
   * @param command of satellite
   * @param jobTemplateUrl of aap
   * @param hostConfigKey of aap
   */
  @Strict
  public record Script(
      String type,
      @Key(rule = ValueRule.LINE) Optional<String> name,
      Optional<Boolean> ignoreFailure,
      @Key(rule = ValueRule.LINE) List<String> after,
      @Key(rule = ValueRule.LINE) List<String> before,
      Optional<String> contents,
      Optional<String> command,
      List<String> cacerts,
      @Key(rule = ValueRule.URL) Optional<String> jobTemplateUrl,
      @Key(rule = ValueRule.LINE) Optional<String> hostConfigKey)
      implements Section {
    private static final Map<String, List<String>> REQUIRED =
        Map.of(
            "custom", List.of("contents"),
            "satellite", List.of("command"),
            "aap", List.of("job_template_url", "host_config_key"));

    private static final Map<String, List<String>> FURTHER =
        Map.of("custom", List.of(), "satellite", List.of("cacerts"), "aap", List.of("cacerts"));

    private static final Set<String> COMMON =
        Set.of("type", "name", "ignore_failure", "after", "before");

    public Script {
      after = List.copyOf(after);
      before = List.copyOf(before);
      cacerts = List.copyOf(cacerts);
    }

    @Override
    public void check(TableReader table) {
      if (type.isEmpty()) {
        return;
      }
      if (!REQUIRED.containsKey(type)) {
        table.problem("type", "must be custom, satellite or aap");
        return;
      }
      for (String key : REQUIRED.get(type)) {
        if (!table.has(key)) {
          table
              .problems()
              .add(
                  table.path(),
                  "missing " + key + " field for " + type + " firstboot customization");
        }
      }
      List<String> allowed = new ArrayList<>(REQUIRED.get(type));
      allowed.addAll(FURTHER.get(type));
      for (String key : SectionMapping.of(Script.class).keys()) {
        if (table.has(key) && !COMMON.contains(key) && !allowed.contains(key)) {
          table.problem(key, "is not a key of a script of type " + type);
        }
      }
    }

    /** Without the keys in it. */
    @Override
    public String toString() {
      return "Script[" + type + "]";
    }
  }
}
