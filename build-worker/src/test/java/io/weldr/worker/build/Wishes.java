package io.weldr.worker.build;

import io.weldr.worker.spec.Customizations;
import java.util.List;
import java.util.Optional;

/** Customizations in the making, for tests that want a few of them. */
public final class Wishes {
  private Optional<String> hostname = Optional.empty();
  private Optional<String> kernelAppend = Optional.empty();
  private List<Customizations.SshKey> keys = List.of();
  private List<Customizations.User> users = List.of();
  private List<Customizations.Group> groups = List.of();
  private Optional<Customizations.Timezone> timezone = Optional.empty();
  private Optional<Customizations.Locale> locale = Optional.empty();
  private Optional<Customizations.Firewall> firewall = Optional.empty();
  private Optional<Customizations.Services> services = Optional.empty();

  public Wishes hostname(String value) {
    hostname = Optional.of(value);
    return this;
  }

  public Wishes kernelAppend(String value) {
    kernelAppend = Optional.of(value);
    return this;
  }

  public Wishes keys(Customizations.SshKey... values) {
    keys = List.of(values);
    return this;
  }

  public Wishes users(Customizations.User... values) {
    users = List.of(values);
    return this;
  }

  public Wishes groups(Customizations.Group... values) {
    groups = List.of(values);
    return this;
  }

  public Wishes timezone(Optional<String> zone, List<String> servers) {
    timezone = Optional.of(new Customizations.Timezone(zone, servers));
    return this;
  }

  public Wishes locale(List<String> languages, Optional<String> keyboard) {
    locale = Optional.of(new Customizations.Locale(languages, keyboard));
    return this;
  }

  public Wishes firewall(List<String> ports, List<String> services, List<String> removed) {
    firewall = Optional.of(new Customizations.Firewall(ports, services, removed));
    return this;
  }

  public Wishes services(List<String> enabled, List<String> disabled) {
    services = Optional.of(new Customizations.Services(enabled, disabled));
    return this;
  }

  public Customizations done() {
    return new Customizations(
        hostname, kernelAppend, keys, users, groups, timezone, locale, firewall, services);
  }
}
