package io.weldr.worker.installer;

import io.weldr.worker.kickstart.AuthorizedKey;
import io.weldr.worker.kickstart.GroupAccount;
import io.weldr.worker.kickstart.RootPassword;
import io.weldr.worker.kickstart.UserAccount;
import io.weldr.worker.spec.BuildException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Groups, users, passwords and ssh keys of the tree, made with its own tools. */
final class Accounts {
  private static final String BASH = "/bin/bash";

  /** $1 = home, $2 = owner and group as numbers; stdin = the keys. */
  private static final String ADD_KEYS =
      """
      umask 077
      mkdir -p -- "$1/.ssh"
      cat >> "$1/.ssh/authorized_keys"
      chmod 0700 -- "$1/.ssh"
      chmod 0600 -- "$1/.ssh/authorized_keys"
      chown -- "$2" "$1/.ssh" "$1/.ssh/authorized_keys"
      """;

  private final Tree tree;

  Accounts(Tree tree) {
    this.tree = tree;
  }

  /** Makes them all: groups, then users, then keys, then root's password or lock. */
  void make(TreeConfiguration configuration)
      throws BuildException, IOException, InterruptedException {
    for (GroupAccount group : configuration.groups()) {
      addGroup(group.name(), group.gid());
    }
    for (UserAccount user : configuration.users()) {
      addUser(user);
    }
    addKeys(configuration.keys());
    setRootPassword(configuration.rootPassword());
  }

  private void addGroup(String name, OptionalLong gid)
      throws BuildException, IOException, InterruptedException {
    if (knows("group", name) && gid.isEmpty()) {
      return;
    }
    List<String> argv = new ArrayList<>(List.of("/usr/sbin/groupadd"));
    gid.ifPresent(number -> argv.addAll(List.of("--gid", Long.toString(number))));
    argv.addAll(List.of("--", name));
    tree.run("the group \"" + name + "\" cannot be added", argv.toArray(String[]::new));
  }

  private void addUser(UserAccount user) throws BuildException, IOException, InterruptedException {
    for (String group : user.groups()) {
      if (!knows("group", group)) {
        throw Tree.refused(
            "the group \"%s\" of user \"%s\" does not exist in the image"
                .formatted(group, user.name()));
      }
    }
    if (user.gid().isPresent() && !knows("group", Long.toString(user.gid().getAsLong()))) {
      addGroup(user.name(), user.gid());
    }
    tree.run(
        "the user \"" + user.name() + "\" cannot be added", useradd(user).toArray(String[]::new));
    if (user.passwordHash().isPresent()) {
      setPassword(user.name(), user.passwordHash().get());
    }
  }

  private List<String> useradd(UserAccount user)
      throws BuildException, IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("/usr/sbin/useradd", "--create-home"));
    argv.addAll(List.of("--shell", shell(user)));
    user.home().ifPresent(path -> argv.addAll(List.of("--home-dir", path)));
    user.uid().ifPresent(number -> argv.addAll(List.of("--uid", Long.toString(number))));
    user.description().ifPresent(text -> argv.addAll(List.of("--comment", text)));
    if (user.gid().isPresent()) {
      argv.addAll(List.of("--gid", Long.toString(user.gid().getAsLong())));
    } else {
      argv.add("--user-group");
    }
    if (!user.groups().isEmpty()) {
      argv.addAll(List.of("--groups", String.join(",", user.groups())));
    }
    argv.addAll(List.of("--", user.name()));
    return argv;
  }

  private String shell(UserAccount user) throws BuildException, IOException, InterruptedException {
    if (user.shell().isEmpty()) {
      return tree.has(BASH) ? BASH : "/bin/sh";
    }
    String shell = user.shell().get();
    if (!tree.succeeds("/usr/bin/test", "-f", shell, "-a", "-x", shell)) {
      throw Tree.refused(
          "the shell %s of user \"%s\" is not in the image".formatted(shell, user.name()));
    }
    return shell;
  }

  private void addKeys(List<AuthorizedKey> keys)
      throws BuildException, IOException, InterruptedException {
    Map<String, StringBuilder> files = new LinkedHashMap<>();
    for (AuthorizedKey key : keys) {
      files.computeIfAbsent(key.user(), user -> new StringBuilder()).append(key.key()).append('\n');
    }
    for (Map.Entry<String, StringBuilder> file : files.entrySet()) {
      addKeys(file.getKey(), file.getValue().toString());
    }
  }

  private void addKeys(String user, String lines)
      throws BuildException, IOException, InterruptedException {
    String[] entry =
        tree.lines("/usr/bin/getent", "passwd", user)
            .map(found -> found.getFirst().split(":", -1))
            .orElseThrow(
                () ->
                    Tree.refused(
                        "the user \"" + user + "\" of an ssh key does not exist in the image"));
    tree.feed(
        "the ssh keys of user \"" + user + "\" cannot be written",
        lines,
        "/bin/sh",
        "-euc",
        ADD_KEYS,
        "keys",
        entry[5],
        entry[2] + ":" + entry[3]);
  }

  private void setRootPassword(RootPassword password)
      throws BuildException, IOException, InterruptedException {
    if (password.hash().isPresent()) {
      setPassword("root", password.hash().get());
    } else {
      tree.run("root cannot be locked", "/usr/sbin/usermod", "--lock", "--", "root");
    }
  }

  private void setPassword(String user, String hash)
      throws BuildException, IOException, InterruptedException {
    tree.feed(
        "the password of user \"" + user + "\" cannot be set",
        user + ":" + hash + "\n",
        "/usr/sbin/chpasswd",
        "--encrypted");
  }

  private boolean knows(String database, String key) throws IOException, InterruptedException {
    return tree.succeeds("/usr/bin/getent", database, key);
  }
}
