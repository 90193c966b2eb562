"""RPM packages out of directories, and a signed repository out of packages."""

import glob
import os
import re
import shutil

from debian import run

KEY = "Test RPM Linux (throwaway key) <test@localhost>"
# All that rpmbuild would do besides packing.
QUIET = {
    "__os_install_post": "%{nil}",
    "debug_package": "%{nil}",
    "_build_id_links": "none",
    "_binary_payload": "w3.zstdio",
    "_buildhost": "localhost",
    "use_source_date_epoch_as_buildtime": "1",
    "clamp_mtime_to_source_date_epoch": "1",
    "_build_name_fmt": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
    "_dbpath": "/nonexistent",
}


class Spec:
    """What a package is, as rpmbuild reads it."""

    def __init__(self, name, version=("0", "42", "1"), noarch=False, summary="Part of a test distribution"):
        self.name = name
        self.version = version
        self.noarch = noarch
        self.summary = re.sub(r"\s+", " ", summary)[:100].replace("%", "%%")
        self.requires, self.requires_first, self.requires_before_scripts, self.provides = [], [], [], []
        self.scripts = ""

    def text(self, files):
        epoch, version, release = self.version
        lines = ["Name: " + self.name, "Version: " + version, "Release: " + release, "Summary: " + self.summary]
        lines += ["License: see copyright", "AutoReqProv: no"]
        lines += ["Epoch: " + epoch] * (epoch != "0") + ["BuildArch: noarch"] * self.noarch
        lines += ["Requires: " + each for each in self.requires]
        lines += ["Requires(pre): " + each for each in self.requires_first]
        for moment in ("post", "posttrans"):
            lines += ["Requires(%s): %s" % (moment, each) for each in self.requires_before_scripts]
        lines += ["Provides: " + each for each in self.provides]
        return "\n".join(lines + ["%description", self.summary, self.scripts.strip(), "%files"] + files) + "\n"


def build(spec, root, out, directories=frozenset()):
    """Packs everything below root except the directories that belong to another package."""
    work = root + ".work"
    os.makedirs(work)
    path = os.path.join(work, "package.spec")
    with open(path, "w") as file:
        file.write(spec.text(manifest(root, directories)))
    define = [word for name, value in QUIET.items() for word in ("--define", "%s %s" % (name, value))]
    run(
        *["rpmbuild", "-bb", "--quiet", "--buildroot", root, "--target", "x86_64"],
        *["--define", "_topdir " + work, "--define", "_rpmdir " + out, *define, path],
        env=dict(os.environ, SOURCE_DATE_EPOCH="1700000000", LC_ALL="C.UTF-8"),
    )
    shutil.rmtree(work)
    shutil.rmtree(root, ignore_errors=True)


def manifest(root, directories):
    lines = []
    for parent, below, files in os.walk(root):
        for name in below + files:
            path = os.path.join(parent, name)
            inside = path[len(root):]
            # Entries are globs.
            quoted = '"%s"' % re.sub(r"([\[*?{])", r"[\1]", inside.replace("%", "%%"))
            if os.path.isdir(path) and not os.path.islink(path):
                if inside not in directories:
                    lines.append("%dir " + quoted)
            else:
                lines.append(("%config(noreplace) " if inside.startswith("/etc/") else "") + quoted)
    return lines


def filesystem(data, root, out):
    """The package of the directories that all share, and of the links of a merged /usr."""
    spec, lines = Spec("filesystem"), []
    spec.requires = data["requires"]["filesystem"]
    for mode, paths in data["directories"].items():
        for path in paths:
            os.makedirs(root + path, exist_ok=True)
            lines.append("%%dir %%attr(%s,root,root) %s" % (mode, path))
    links = {"/" + name: "usr/" + name for name in ("bin", "sbin", "lib", "lib64")}
    for path, target in {**links, "/var/run": "../run", "/var/lock": "../run/lock"}.items():
        os.symlink(target, root + path)
        lines.append(path)
    spec.text = lambda files, text=spec.text: text(lines)
    build(spec, root, out)


def group(identity, names):
    items = "".join('<packagereq type="mandatory">%s</packagereq>' % name for name in names)
    return (
        "<group><id>%s</id><name>%s</name><description/><default>true</default><uservisible>true</uservisible>"
        "<packagelist>%s</packagelist></group>" % (identity, identity, items)
    )


def repository(data, directory, rpms):
    """Signs packages and metadata; leaves the public key in the directory."""
    home = os.path.join(directory, "gnupg")
    os.makedirs(home, mode=0o700, exist_ok=True)
    environment = dict(os.environ, GNUPGHOME=home)
    key = os.path.join(directory, "key.asc")
    if not os.path.exists(key):
        gpg = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", KEY, "rsa3072", "sign", "never"]
        run(*gpg, env=environment)
        with open(key, "w") as file:
            file.write(run("gpg", "--armor", "--export", env=environment))
    sign = ["rpmsign", "--addsign", "--define", "_gpg_name test@localhost", "--define", "_gpg_path " + home]
    run(*sign, "--define", "__gpg /usr/bin/gpg", *sorted(glob.glob(rpms + "/*.rpm")), env=environment)
    comps = os.path.join(directory, "comps.xml")
    with open(comps, "w") as file:
        file.write("<comps>%s</comps>\n" % "".join(group(*each) for each in data["groups"].items()))
    run("createrepo_c", "-q", "--groupfile", comps, rpms)
    detached = ["gpg", "--batch", "--yes", "--armor", "--detach-sign", rpms + "/repodata/repomd.xml"]
    run(*detached, env=environment)
    # gpg leaves an agent behind.
    run("gpgconf", "--homedir", home, "--kill", "all", env=environment)
