"""RPM repositories of real packages: built with rpmbuild, signed with rpmsign, listed by createrepo_c."""

import os
import shutil
import tempfile

import rpmrepo
from tinyrepo import run


class Repository(rpmrepo.Repository):
    """As rpmrepo.Repository describes it; only what publish() writes is real."""

    def publish(self, key=None):
        """Builds and lists the packages; with a key signs packages and metadata."""
        shutil.rmtree(os.path.join(self.root, "Packages"), ignore_errors=True)
        shutil.rmtree(os.path.join(self.root, "repodata"), ignore_errors=True)
        work = tempfile.mkdtemp(dir=os.path.dirname(self.root))
        try:
            for (_, arch), packages in self._specs():
                self._build(work, arch, packages)
            if key:
                key.sign_packages([self.path(package) for package in self.packages])
            self._list(work)
        finally:
            shutil.rmtree(work)
        if key:
            repomd = os.path.join(self.root, "repodata/repomd.xml")
            key.sign(repomd, repomd + ".asc")

    def path(self, package):
        return os.path.join(self.root, package["location"])

    def _specs(self):
        """One makes many packages of one architecture, but a name only once."""
        specs = {}
        for package in self.packages:
            earlier = sum(p["name"] == package["name"] for p in self.packages[: self.packages.index(package)])
            specs.setdefault((earlier, package["arch"]), []).append(package)
        return specs.items()

    def _build(self, work, arch, packages):
        # The package of this name has no list of files, so it is not made.
        text = "Name: none\nVersion: 0\nRelease: 0\nSummary: None\nLicense: MIT\n"
        text += "BuildArch: noarch\n" if arch == "noarch" else ""
        text += "%description\nNone.\n" + "".join(map(_subpackage, packages)) + "%install\n"
        for package in packages:
            for name in package["files"]:
                text += "install -D /dev/null %%{buildroot}%s\n" % name
        path = os.path.join(work, "tiny.spec")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        macros = {
            "_topdir": work,
            "_tmppath": work,
            "_rpmdir": self.root,
            "_rpmfilename": "Packages/%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
            "_build_id_links": "none",
        }
        defined = [word for macro in macros.items() for word in ("--define", "%s %s" % macro)]
        run("/usr/bin/rpmbuild", "-bb", "--quiet", "--nodeps", "--target", arch, *defined, path)

    def _list(self, work):
        options = []
        if self.groups or self.environments:
            options = ["--groupfile", self._written(work, "comps.xml", self.comps())]
        run("/usr/bin/createrepo_c", "--quiet", "--simple-md-filenames", *options, self.root)
        if self.modules:
            modules = self._written(work, "modules.yaml", self.modules)
            run("/usr/bin/modifyrepo_c", "--mdtype=modules", modules, os.path.join(self.root, "repodata"))

    @staticmethod
    def _written(work, name, text):
        path = os.path.join(work, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


def _subpackage(package):
    lines = ["%package -n " + package["name"], "Summary: The package " + package["name"]]
    lines += ["%s: %s" % (tag, package[tag.lower()]) for tag in ("Version", "Release", "Epoch")]
    lines += ["%s: %s" % (kind.capitalize(), entry) for kind in rpmrepo.KINDS for entry in package[kind]]
    lines += ["%description -n " + package["name"], "What it is for.", "%files -n " + package["name"]]
    return "\n".join([*lines, *package["files"], ""])


def fill(repository):
    """One of each kind of relation."""
    add = repository.add
    add("libtiny", "1.4", "3.fc40", 2, "x86_64")
    for version in ("1.0", "2.0"):
        add("tool", version, "1.fc40", requires=["libtiny >= 2:1.0"], files=["/usr/bin/tool"])
    add("tool-extra", "1.0~rc1", "1^git", requires=["tool", "/usr/share/data/one"], recommends=["mailer-a"])
    add("data", files=["/usr/share/data/one"])
    add("mailer-a", provides=["mail-agent"], conflicts=["mailer-b"])
    add("mailer-b", provides=["mail-agent"], conflicts=["mailer-a"])
    add("rich", requires=["(mailer-b or mailer-c)", "(addon if tool)"])
    add("addon")
    add("old-name", "1.0")
    add("new-name", "2.0", obsoletes=["old-name < 2"], provides=["old-name = 2.0"])
    add("broken", requires=["nowhere >= 3"])
    for stream in ("1", "2"):
        add("server", stream + ".5", "1.module")
        repository.module(
            "server",
            stream,
            ["server-0:%s.5-1.module.noarch" % stream],
            {"common": ["server"]},
            default="common" if stream == "1" else None,
        )
    repository.group("core", ["libtiny"], ["tool"], ["mailer-a"])
