package io.weldr.systemtests;

/** What the distributions that images are started of call things. */
enum BootedDistribution {
  DEBIAN(
      "Debian 12",
      "linux-image-cloud-amd64",
      "cloud-guest-utils",
      "ssh",
      "sudo",
      "dpkg-query -W -f '${Package} ${Version} ${Architecture}\\n'",
      "/etc/default/locale",
      "grep XKBLAYOUT /etc/default/keyboard",
      "XKBLAYOUT=\"de\"\n",
      "update-grub",
      "/boot/grub/grub.cfg",
      1,
      "Success: Verification"),

  /** See {@link RpmDistribution}. */
  FEDORA(
      "Test RPM Linux 42",
      "kernel",
      "cloud-utils-growpart",
      "sshd",
      "wheel",
      "rpm -qa --qf '%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE} %{ARCH}\\n'",
      "/etc/locale.conf",
      "cat /etc/vconsole.conf",
      "KEYMAP=\"de\"\n",
      "grub2-mkconfig -o /boot/grub2/grub.cfg",
      "/boot/grub2/grub.cfg",
      0,
      "the result is: PASS");

  /** For readers. */
  final String title;

  /** Package of the kernel. */
  final String kernel;

  /** Package with growpart. */
  final String growpart;

  /** Unit of sshd. */
  final String sshd;

  /** Group that may use sudo; blueprints call it wheel. */
  final String administrators;

  /** Prints name, version and architecture of every package. */
  final String packages;

  /** File with LANG. */
  final String locale;

  /** Prints the keyboard layout, and what it prints for a German one. */
  final String keyboard;

  final String germanKeyboard;

  /** Makes GRUB's menu anew. */
  final String makeMenu;

  final String menu;

  /**
   * Where a live medium's menu has the entry that tests the medium: so many below what starts when
   * nobody chooses. The entry above starts the system.
   */
  final int testEntry;

  /** What a test of a good medium shows. */
  final String goodMedium;

  BootedDistribution(
      String title,
      String kernel,
      String growpart,
      String sshd,
      String administrators,
      String packages,
      String locale,
      String keyboard,
      String germanKeyboard,
      String makeMenu,
      String menu,
      int testEntry,
      String goodMedium) {
    this.title = title;
    this.kernel = kernel;
    this.growpart = growpart;
    this.sshd = sshd;
    this.administrators = administrators;
    this.packages = packages;
    this.locale = locale;
    this.keyboard = keyboard;
    this.germanKeyboard = germanKeyboard;
    this.makeMenu = makeMenu;
    this.menu = menu;
    this.testEntry = testEntry;
    this.goodMedium = goodMedium;
  }
}
