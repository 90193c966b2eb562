"""RPM repositories made on the spot.

The packages are entries of the metadata only, and their checksums invented: a solver never looks at the
archives, and rpmbuild takes half a second for each. The metadata is signed.

  rpmrepo.py DIR             makes one in DIR with the packages of fill() and prints its armoured public key
  rpmrepo.py DIR COUNT SEED  makes one with so many random packages
  rpmrepo.py DIR COUNT       makes one with chains of 46 packages, each of which needs the one before
"""

import copy
import gzip
import hashlib
import os
import random
import re
import shutil
import sys
from xml.sax.saxutils import escape, quoteattr

from tinyrepo import Key

FLAGS = {"=": "EQ", "<": "LT", ">": "GT", "<=": "LE", ">=": "GE"}
KINDS = ("provides", "requires", "conflicts", "obsoletes", "recommends", "suggests", "supplements", "enhances")


class Repository:
    """repodata/ below a directory that a web server serves."""

    def __init__(self, root):
        self.root = root
        self.packages = []
        self.groups = []
        self.environments = []
        self.modules = ""
        os.makedirs(root, mode=0o755, exist_ok=True)

    def copied_to(self, root):
        """The same packages and files in another directory."""
        other = copy.copy(self)
        other.root, other.packages = shutil.copytree(self.root, root), list(self.packages)
        return other

    def add(self, name, version="1.0", release="1", epoch=0, arch="noarch", files=(), **relations):
        """An entry; relations are lists of NAME, NAME OP [E:]V[-R] or (rich dependency)."""
        digest = hashlib.sha256(("%s-%s:%s-%s.%s" % (name, epoch, version, release, arch)).encode()).hexdigest()
        self.packages.append(
            {
                "name": name, "version": version, "release": release, "epoch": epoch, "arch": arch,
                "files": list(files), "sha256": digest, "size": 1000 + len(self.packages),
                "location": "Packages/%s-%s-%s.%s.rpm" % (name, version, release, arch),
                **{kind: list(relations.get(kind, ())) for kind in KINDS},
            }
        )

    def group(self, identity, mandatory=(), default=(), optional=(), conditional=()):
        """conditional: (package, only with this one)."""
        types = (("mandatory", mandatory), ("default", default), ("optional", optional))
        wanted = ["<packagereq type=%s>%s</packagereq>" % (quoteattr(t), escape(n)) for t, names in types for n in names]
        wanted += [
            "<packagereq type=\"conditional\" requires=%s>%s</packagereq>" % (quoteattr(other), escape(n))
            for n, other in conditional
        ]
        self.groups.append(
            "<group><id>%s</id><name>Group %s</name><description/><default>false</default>"
            "<uservisible>true</uservisible><packagelist>%s</packagelist></group>"
            % (identity, identity, "".join(wanted))
        )

    def environment(self, identity, groups):
        listed = "".join("<groupid>%s</groupid>" % group for group in groups)
        self.environments.append(
            "<environment><id>%s</id><name>Environment %s</name><description/><display_order>1</display_order>"
            "<grouplist>%s</grouplist><optionlist/></environment>" % (identity, identity, listed)
        )

    def comps(self):
        return "<comps>%s</comps>" % "".join(self.groups + self.environments)

    def module(self, name, stream, artifacts, profiles, default=None, requires=()):
        """A stream of a module; default: the profile with which it is the default stream."""
        needs = "".join("          %s: [%s]\n" % pair for pair in requires)
        self.modules += (
            "---\ndocument: modulemd\nversion: 2\ndata:\n  name: %s\n  stream: \"%s\"\n  version: 1\n"
            "  context: deadbeef\n  arch: x86_64\n  summary: A module\n  description: >-\n    A module\n"
            "  license:\n    module: [MIT]\n  dependencies:\n    - requires:\n          platform: []\n%s"
            "  profiles:\n%s  artifacts:\n    rpms:\n%s...\n"
            % (
                name, stream, needs,
                "".join("    %s:\n      rpms: [%s]\n" % (p, ", ".join(names)) for p, names in profiles.items()),
                "".join("      - %s\n" % artifact for artifact in artifacts),
            )
        )
        if default:
            self.modules += (
                "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: %s\n  stream: \"%s\"\n"
                "  profiles:\n    \"%s\": [%s]\n...\n" % (name, stream, stream, default)
            )

    def publish(self, key=None):
        """Writes the metadata; with a key signs it."""
        repodata = os.path.join(self.root, "repodata")
        shutil.rmtree(repodata, ignore_errors=True)
        os.makedirs(repodata)
        records = [
            self._record(repodata, "primary", self._primary()),
            self._record(repodata, "filelists", self._filelists()),
        ]
        if self.groups or self.environments:
            records.append(self._record(repodata, "group_gz", self.comps(), "comps.xml.gz"))
        if self.modules:
            records.append(self._record(repodata, "modules", self.modules, "modules.yaml.gz"))
        path = os.path.join(repodata, "repomd.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<repomd xmlns=\"http://linux.duke.edu/metadata/repo\">"
                "<revision>1704067200</revision>\n%s</repomd>\n" % "".join(records)
            )
        if key:
            key.sign(path, path + ".asc")

    @staticmethod
    def _record(repodata, kind, text, name=None):
        content = text.encode("utf-8")
        packed = gzip.compress(content, 1, mtime=0)
        digest = hashlib.sha256(packed).hexdigest()
        name = "%s-%s" % (digest, name or kind + ".xml.gz")
        with open(os.path.join(repodata, name), "wb") as file:
            file.write(packed)
        return (
            "<data type=\"%s\"><checksum type=\"sha256\">%s</checksum><open-checksum type=\"sha256\">%s</open-checksum>"
            "<location href=\"repodata/%s\"/><timestamp>1704067200</timestamp><size>%d</size>"
            "<open-size>%d</open-size></data>\n"
            % (kind, digest, hashlib.sha256(content).hexdigest(), name, len(packed), len(content))
        )

    def _primary(self):
        return (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata xmlns=\"http://linux.duke.edu/metadata/common\""
            " xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"%d\">\n%s</metadata>\n"
            % (len(self.packages), "".join(map(_package, self.packages)))
        )

    def _filelists(self):
        entries = (
            "<package pkgid=\"%s\" name=%s arch=\"%s\"><version epoch=\"%d\" ver=\"%s\" rel=\"%s\"/>%s</package>\n"
            % (
                p["sha256"], quoteattr(p["name"]), p["arch"], p["epoch"], p["version"], p["release"],
                "".join("<file>%s</file>" % escape(path) for path in p["files"]),
            )
            for p in self.packages
        )
        return (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<filelists xmlns=\"http://linux.duke.edu/metadata/filelists\" packages=\"%d\">\n%s</filelists>\n"
            % (len(self.packages), "".join(entries))
        )


def _package(p):
    relations = "".join(_relations(kind, p) for kind in KINDS)
    files = "".join("<file>%s</file>" % f for f in p["files"] if re.match(r"/etc/|.*bin/|/usr/lib/sendmail\Z", f))
    return (
        "<package type=\"rpm\"><name>%s</name><arch>%s</arch><version epoch=\"%d\" ver=\"%s\" rel=\"%s\"/>"
        "<checksum type=\"sha256\" pkgid=\"YES\">%s</checksum><summary>The package %s</summary>"
        "<description>What %s is for.\nIn two lines.</description><packager/><url>https://example.org/%s</url>"
        "<time file=\"1704067200\" build=\"1704067200\"/><size package=\"%d\" installed=\"4000\" archive=\"4200\"/>"
        "<location href=\"%s\"/><format><rpm:license>MIT</rpm:license><rpm:vendor/><rpm:group>Unspecified</rpm:group>"
        "<rpm:buildhost>localhost</rpm:buildhost><rpm:sourcerpm>%s-%s-%s.src.rpm</rpm:sourcerpm>%s%s</format></package>\n"
        % (
            escape(p["name"]), p["arch"], p["epoch"], p["version"], p["release"], p["sha256"], escape(p["name"]),
            escape(p["name"]), escape(p["name"]), p["size"], p["location"], escape(p["name"]), p["version"],
            p["release"], relations, files,
        )
    )


def _relations(kind, package):
    entries = list(package[kind])
    if kind == "provides":
        entries.append("%s = %d:%s-%s" % tuple(package[k] for k in ("name", "epoch", "version", "release")))
    return "<rpm:%s>%s</rpm:%s>" % (kind, "".join(map(_entry, entries)), kind) if entries else ""


def _entry(text):
    match = re.match(r"([^ (]\S*) (=|<=|>=|<|>) (?:(\d+):)?([^-]+)(?:-(.+))?\Z", text)
    if not match:
        return "<rpm:entry name=%s/>" % quoteattr(text)
    name, operator, epoch, version, release = match.groups()
    more = " rel=\"%s\"" % release if release else ""
    return "<rpm:entry name=%s flags=\"%s\" epoch=\"%s\" ver=\"%s\"%s/>" % (
        quoteattr(name), FLAGS[operator], epoch or "0", version, more
    )


def fill(repository):
    """The packages the tests of both languages use."""
    add = repository.add
    add("filesystem", arch="x86_64", files=["/", "/usr"])
    add("libtiny", "1.4", "3.fc40", 2, "x86_64", requires=["filesystem"])
    add("libtiny", "1.4", "3.fc40", 2, "i686", requires=["filesystem"])
    for version in ("1.0", "1.1", "2.0"):
        add("tool", version, "1.fc40", requires=["libtiny >= 2:1.0"], files=["/usr/bin/tool"])
    add("tool-extra", requires=["tool", "/usr/share/data/one"], recommends=["mailer-a"])
    add("data", files=["/usr/share/data/one"])
    add("mailer-a", provides=["mail-agent"], conflicts=["mailer-b"])
    add("mailer-b", provides=["mail-agent"], conflicts=["mailer-a"])
    add("rich", requires=["(mailer-b or mailer-a)", "(addon if tool)"])
    add("addon")
    add("old-name", "1.0")
    add("new-name", "2.0", obsoletes=["old-name < 2"], provides=["old-name = 2.0"])
    add("broken", requires=["nowhere >= 3"])
    add("needs-broken", requires=["broken"])
    add("UPPER", "1.0")
    add("langpack-de", supplements=["(tool and addon)"])
    for stream in ("1", "2"):
        add("server", stream + ".5", "1.module", requires=["libserver = " + stream + ".5"])
        add("libserver", stream + ".5", "1.module")
        repository.module(
            "server",
            stream,
            ["%s-0:%s.5-1.module.noarch" % (name, stream) for name in ("server", "libserver")],
            {"common": ["server"], "minimal": ["libserver"]},
            default="common" if stream == "1" else None,
        )
    repository.group("core", ["filesystem", "libtiny"], ["tool"], ["mailer-a"], [("langpack-de", "addon")])
    repository.group("mail", ["mailer-b"])
    repository.environment("minimal-environment", ["core", "mail"])


def fill_random(repository, count, seed):
    """Packages with the shapes of a distribution: layers of libraries, several versions, alternatives,
    rich and weak dependencies, files, groups, modules, and some that cannot be installed."""
    dice = random.Random(seed)
    repository.add("base", arch="x86_64", files=["/usr/bin/sh", "/usr/share/base/data"])
    names = ["base"]
    for i in range(1, count):
        name = "%s-%04d" % (dice.choice(("lib", "app", "python3", "perl", "font", "data")), i)
        near = lambda: names[max(0, len(names) - 1 - int(dice.expovariate(4.0 / len(names))))]
        relations = {kind: [] for kind in KINDS}
        # What nearly everything needs can be installed, as in a distribution.
        upper = i > count * 3 // 4
        if name.startswith("lib"):
            relations["provides"].append("lib%d.so.1()(64bit)" % i)
        for _ in range(dice.randrange(5)):
            needed = near()
            shape = dice.random()
            if shape < 0.55:
                relations["requires"].append(needed)
            elif shape < 0.7:
                relations["requires"].append("%s >= 1" % needed)
            elif shape < 0.8:
                relations["requires"].append("(%s or %s)" % (needed, near()))
            elif shape < 0.87:
                relations["requires"].append("(%s if %s)" % (needed, near()))
            elif shape < 0.95:
                relations["recommends"].append(needed)
            else:
                relations["requires"].append("/usr/share/%s/data" % needed)
        if upper and dice.random() < 0.07:
            relations["conflicts"].append(near())
        if upper and dice.random() < 0.07:
            relations["requires"].append("missing-%d" % i)
        if upper and dice.random() < 0.01:
            relations["obsoletes"].append("%s < 2" % near())
        if dice.random() < 0.05:
            relations["provides"].append("virtual-%d" % dice.randrange(20))
        if dice.random() < 0.05:
            relations["requires"].append("virtual-%d" % dice.randrange(20))
        if dice.random() < 0.03:
            relations["supplements"].append("(%s and %s)" % (near(), near()))
        arch = dice.choice(("x86_64", "noarch", "noarch"))
        for version in range(1, dice.choice((2, 2, 2, 3, 4))):
            extra = {**relations, "requires": list(relations["requires"])}
            if version > 1 and dice.random() < 0.1:
                extra["requires"].append("not-yet-%d" % i)
            repository.add(
                name, "%d.%d" % (version, dice.randrange(9)), "%d.el9" % dice.randrange(1, 4),
                dice.choice((0, 0, 0, 1)), arch, ["/usr/share/%s/data" % name, "/usr/bin/" + name], **extra
            )
        if arch == "x86_64" and dice.random() < 0.3:
            repository.add(name, "1.0", "1.el9", 0, "i686", **relations)
        names.append(name)
    for i in range(count // 50):
        some = lambda most: [dice.choice(names) for _ in range(dice.randrange(most))]
        repository.group("group-%d" % i, some(5), some(6), some(4), [(dice.choice(names), dice.choice(names))])
    for i in range(count // 200):
        chosen = ["group-%d" % dice.randrange(count // 50) for _ in range(3)]
        repository.environment("environment-%d" % i, sorted(set(chosen)))
    for i in range(count // 100):
        for stream in range(1, 4):
            names_of = ["mod-%d" % i, "mod-%d-lib" % i]
            repository.add(names_of[0], "%d.0" % stream, "1.module", requires=["%s = %d.0" % (names_of[1], stream)])
            repository.add(names_of[1], "%d.0" % stream, "1.module", requires=[dice.choice(names)])
            repository.module(
                names_of[0],
                stream,
                ["%s-0:%d.0-1.module.noarch" % (name, stream) for name in names_of],
                {"common": names_of[:1], "minimal": names_of[1:]},
                default="common" if stream == 1 else None,
            )


def fill_chains(repository, count):
    """generated-00000 to generated-COUNT."""
    for i in range(count):
        needs = ["generated-%05d" % (i - 1)] if i % 46 else []
        name = "generated-%05d" % i
        repository.add(name, "1.%d" % i, requires=needs, files=["/usr/bin/" + name, "/usr/share/doc/%s/README" % name])


def main(directory, count=None, seed=None):
    repository = Repository(directory)
    key = Key()
    try:
        if count and not seed:
            fill_chains(repository, int(count))
        elif count:
            fill_random(repository, int(count), int(seed))
        else:
            fill(repository)
        repository.publish(key)
        print(key.public, end="")
    finally:
        key.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
