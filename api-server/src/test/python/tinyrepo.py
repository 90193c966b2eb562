"""A small signed Debian archive, made on the spot: real packages, real signatures.

  tinyrepo.py DIR      makes one in DIR with a few packages and prints its armoured public key
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time


def run(*command, **options):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, **options).stdout


class Key:
    """A signing key in a directory of its own."""

    def __init__(self):
        # A short path: gpg-agent's socket lies below it.
        self._home = tempfile.mkdtemp(prefix="gpg")
        self._gpg("--quick-gen-key", "--passphrase", "", "tiny@example.org", "ed25519", "sign", "never")
        self.public = self._gpg("--armor", "--export").decode("ascii")

    def _gpg(self, *arguments):
        return run("/usr/bin/gpg", "--batch", "--quiet", "--homedir", self._home, *arguments)

    def clearsign(self, source, target):
        self._gpg("--yes", "--clearsign", "--output", target, source)

    def sign(self, source, target):
        self._gpg("--yes", "--armor", "--detach-sign", "--output", target, source)

    def sign_packages(self, paths):
        """RPM packages, in place."""
        macros = ("_gpg_name tiny@example.org", "_gpg_path " + self._home, "__gpg /usr/bin/gpg")
        defined = [word for macro in macros for word in ("--define", macro)]
        run("/usr/bin/rpmsign", *defined, "--addsign", *paths)

    def close(self):
        subprocess.run(["/usr/bin/gpgconf", "--homedir", self._home, "--kill", "all"], check=False)
        shutil.rmtree(self._home, ignore_errors=True)


class Repository:
    """Suite `stable`, component `main`, below a directory a web server serves."""

    def __init__(self, root, key):
        self.root = root
        self.key = key
        self._entries = []
        os.makedirs(os.path.join(root, "pool"), mode=0o755)

    def copied_to(self, root):
        """The same packages and the same key in another directory."""
        copy = Repository.__new__(Repository)
        copy.root, copy.key, copy._entries = shutil.copytree(self.root, root), self.key, list(self._entries)
        return copy

    def add(self, name, version="1.0-1", architecture="all", **fields):
        """Builds a package with one file; further fields go to its control file."""
        tree = tempfile.mkdtemp(dir=self.root)
        os.makedirs(os.path.join(tree, "DEBIAN"))
        os.makedirs(os.path.join(tree, "usr/share", name))
        with open(os.path.join(tree, "usr/share", name, "version"), "w", encoding="ascii") as file:
            file.write(version + "\n")
        control = {
            "Package": name,
            "Version": version,
            "Architecture": architecture,
            "Maintainer": "Tiny <tiny@example.org>",
            "Installed-Size": "10",
            "Section": "misc",
            "Priority": "optional",
            **{key.replace("_", "-"): value for key, value in fields.items()},
            "Description": "test package",
        }
        text = "".join("%s: %s\n" % item for item in control.items())
        with open(os.path.join(tree, "DEBIAN/control"), "w", encoding="ascii") as file:
            file.write(text)
        path = "pool/%s_%s_%s.deb" % (name, version.partition(":")[2] or version, architecture)
        target = os.path.join(self.root, path)
        run("/usr/bin/dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, target)
        shutil.rmtree(tree)
        with open(target, "rb") as file:
            content = file.read()
        self._entries.append(
            text
            + "Filename: %s\nSize: %d\nSHA256: %s\n\n"
            % (path, len(content), hashlib.sha256(content).hexdigest())
        )

    def index_path(self, suffix=""):
        return os.path.join(self.root, "dists/stable/main/binary-%s/Packages%s" % (native_architecture(), suffix))

    def drop(self, *names):
        """Takes packages out of the index that is published next; their files stay."""
        self._entries = [e for e in self._entries if e.split("\n", 1)[0].removeprefix("Package: ") not in names]

    def publish(self, key=None, signed=True, release="", index=None, suffix=""):
        """Writes the index and its signature, by this key or the repository's own.

        More lines can be put into the release file; another index takes the place of the packages'.
        """
        more, packages = release, index
        release = os.path.join(self.root, "dists/stable")
        index = os.path.relpath(self.index_path(suffix), release)
        os.makedirs(os.path.dirname(os.path.join(release, index)), exist_ok=True)
        if packages is None:
            packages = "".join(self._entries).encode("ascii")
        with open(os.path.join(release, index), "wb") as file:
            file.write(packages)
        path = os.path.join(release, "Release")
        with open(path, "w", encoding="ascii") as file:
            file.write("Origin: Tiny\nSuite: stable\nCodename: stable\nComponents: main\n")
            file.write("Architectures: %s\nDate: Mon, 01 Jan 2024 00:00:00 UTC\n" % native_architecture())
            file.write(more)
            file.write("SHA256:\n %s %d %s\n" % (hashlib.sha256(packages).hexdigest(), len(packages), index))
        inrelease = os.path.join(release, "InRelease")
        # By whole seconds apt tells whether a file changed.
        published = int(time.time())
        if os.path.exists(inrelease):
            published = max(published, int(os.stat(inrelease).st_mtime) + 1)
            os.unlink(inrelease)
        if signed:
            (key or self.key).clearsign(path, inrelease)
            os.unlink(path)
            os.utime(inrelease, (published, published))


def native_architecture():
    return run("/usr/bin/dpkg", "--print-architecture").decode("ascii").strip()


def fill(repository):
    """The packages the tests of both languages use."""
    native = native_architecture()
    repository.add("base-tiny", Essential="yes", Depends="libtiny")
    repository.add("libtiny", "2:1.4-3", native)
    repository.add("tool", "1.0-1", Depends="libtiny (>= 2:1.0)")
    repository.add("tool", "1.1-1", Depends="libtiny (>= 2:1.0)")
    repository.add("tool", "2.0-1", Depends="libtiny (>= 2:1.0)")
    repository.add("tool-extra", Depends="tool", Recommends="mailer-a")
    repository.add("mailer-a", Provides="mail-agent", Conflicts="mailer-b")
    repository.add("mailer-b", Provides="mail-agent", Conflicts="mailer-a")
    repository.add("either", Depends="mailer-a | mailer-b")
    repository.add("broken", Depends="nowhere (>= 3)")
    repository.add("needs-broken", Depends="broken")
    repository.add("task-server", Section="tasks", Depends="tool")
    repository.add("meta", Section="metapackages", Depends="tool-extra")
    repository.add("first", Pre_Depends="libtiny")
    repository.publish()


if __name__ == "__main__":
    signing_key = Key()
    try:
        fill(Repository(sys.argv[1], signing_key))
        print(signing_key.public, end="")
    finally:
        signing_key.close()
