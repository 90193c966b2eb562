package io.weldr.worker.installer;

import io.weldr.worker.kickstart.AuthorizedKey;
import io.weldr.worker.kickstart.Firewall;
import io.weldr.worker.kickstart.GroupAccount;
import io.weldr.worker.kickstart.KickstartException;
import io.weldr.worker.kickstart.Services;
import io.weldr.worker.kickstart.UserAccount;
import java.util.regex.Pattern;

/**
 * What a value must look like before the installer puts it into a file of the tree or hands it to a
 * tool.
 *
 * <p>Security: every configuration file of the tree is made of lines and fields. A value that fits
 * these patterns cannot end its line or field, begin like an option, or lead a path elsewhere.
 */
final class ValueRules {
  private static final Pattern HOSTNAME =
      Pattern.compile(
          "(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9_.@+-]+)+");
  private static final Pattern HASH = Pattern.compile("\\$[0-9a-z]{1,4}\\$[A-Za-z0-9./$=,]{1,240}");
  private static final Pattern ZONE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}");
  private static final Pattern SERVER = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9:._-]{0,252}");
  private static final Pattern LOCALE =
      Pattern.compile("[A-Za-z]{1,8}(_[A-Z]{2})?(\\.[A-Za-z0-9-]{1,16})?(@[a-z]{1,16})?");
  private static final Pattern LAYOUT =
      Pattern.compile("[a-z][a-z0-9_-]{0,31}( ?\\([a-zA-Z0-9_-]{1,32}\\))?");
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9:_.@-]{0,254}");
  private static final Pattern PORT =
      Pattern.compile(
          "([0-9]{1,5}(-[0-9]{1,5})?|[a-z0-9][A-Za-z0-9_.+-]{0,31}):(tcp|udp|sctp|dccp)");
  private static final Pattern FIREWALL_SERVICE =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern COMMENT_FIELD = Pattern.compile("[^:\\p{Cntrl}]{0,255}");
  private static final Pattern KEY = Pattern.compile("[^#\\s\\p{Cntrl}][^\\p{Cntrl}]{0,16383}");
  private static final Pattern KERNEL_ARGUMENTS = Pattern.compile("[!-~][ -~]{0,1999}");

  private ValueRules() {}

  static void hostname(String name) throws KickstartException {
    check(HOSTNAME, "host name", name);
  }

  static void zone(String zone) throws KickstartException {
    check(ZONE, "time zone", zone);
  }

  static void ntpServer(String server) throws KickstartException {
    check(SERVER, "NTP server", server);
  }

  static void locale(String locale) throws KickstartException {
    check(LOCALE, "locale", locale);
  }

  static void layout(String layout) throws KickstartException {
    check(LAYOUT, "keyboard layout", layout);
  }

  static void kernelArguments(String text) throws KickstartException {
    check(KERNEL_ARGUMENTS, "list of kernel arguments", text);
  }

  static void passwordHash(String hash) throws KickstartException {
    if (!HASH.matcher(hash).matches()) {
      throw new KickstartException("a password is not stored as a crypt(3) hash");
    }
  }

  static void user(UserAccount user) throws KickstartException {
    check(ACCOUNT, "user name", user.name());
    for (String group : user.groups()) {
      check(ACCOUNT, "group name", group);
    }
    if (user.home().isPresent()) {
      check(PATH, "home directory", user.home().get());
    }
    if (user.shell().isPresent()) {
      check(PATH, "shell", user.shell().get());
    }
    if (user.description().isPresent()) {
      check(COMMENT_FIELD, "description of a user", user.description().get());
    }
    if (user.passwordHash().isPresent()) {
      passwordHash(user.passwordHash().get());
    }
  }

  static void group(GroupAccount group) throws KickstartException {
    check(ACCOUNT, "group name", group.name());
  }

  static void key(AuthorizedKey key) throws KickstartException {
    check(ACCOUNT, "user name", key.user());
    check(KEY, "ssh key", key.key());
  }

  static void services(Services services) throws KickstartException {
    for (String unit : services.enabled()) {
      check(UNIT, "service", unit);
    }
    for (String unit : services.disabled()) {
      check(UNIT, "service", unit);
    }
  }

  static void firewall(Firewall firewall) throws KickstartException {
    for (String port : firewall.ports()) {
      check(PORT, "firewall port", port);
    }
    for (String service : firewall.services()) {
      check(FIREWALL_SERVICE, "firewall service", service);
    }
    for (String service : firewall.removedServices()) {
      check(FIREWALL_SERVICE, "firewall service", service);
    }
  }

  private static void check(Pattern pattern, String what, String value) throws KickstartException {
    if (!pattern.matcher(value).matches()) {
      throw new KickstartException("\"" + value + "\" is not a valid " + what);
    }
  }
}
