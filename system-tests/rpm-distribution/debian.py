"""Debian packages: a closed set of them, their fields, and their dependencies in the words of RPM."""

import fnmatch
import glob
import os
import re
import subprocess

OPERATORS = {">=": ">=", "<=": "<=", "=": "=", ">>": ">", "<<": "<"}
CLAUSE = re.compile(r"\s*([a-z0-9.+-]+)(?::\w+)?\s*(?:\(\s*([<>=]+)\s*(\S+?)\s*\))?")


def run(*argv, **options):
    """What a command prints; a failure ends the program with its last words."""
    result = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if result.returncode:
        raise SystemExit("%s\n%s" % (" ".join(argv), (result.stdout + result.stderr).decode(errors="replace")[-3000:]))
    return result.stdout.decode(errors="replace")


class Packages:
    """The packages that are asked for and what they need, from the host's own apt sources."""

    def __init__(self, data, directory):
        self._data = data
        self._cache = os.path.join(directory, "debs")
        self._environment = self._private_apt(directory)

    def _private_apt(self, directory):
        """apt without anything of the host's but its sources and keys."""
        root = os.path.join(directory, "apt")
        for part in ("state/lists/partial", "cache/archives/partial", "log"):
            os.makedirs(os.path.join(root, part), exist_ok=True)
        os.makedirs(os.path.join(self._cache, "partial"), exist_ok=True)
        open(os.path.join(root, "status"), "w").close()
        options = {
            "Dir::State": root + "/state",
            "Dir::State::status": root + "/status",
            "Dir::Cache": root + "/cache",
            "Dir::Log": root + "/log",
            "Dir::Cache::archives": self._cache,
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "true",
            "Acquire::Languages": "none",
        }
        path = os.path.join(root, "apt.conf")
        with open(path, "w") as file:
            file.writelines('%s "%s";\n' % option for option in options.items())
        return dict(os.environ, APT_CONFIG=path, LC_ALL="C")

    def fetch(self):
        """Paths of the archives."""
        run("apt-get", "update", "-q", env=self._environment)
        plan = run("apt-get", "-s", "-q", "install", *self._data["debian"], env=self._environment)
        chosen = re.findall(r"^Inst (\S+) \((\S+) ", plan, re.M)
        wanted = [(name.split(":")[0], version) for name, version in chosen if not self.dropped(name.split(":")[0])]
        missing = ["%s=%s" % each for each in wanted if not self._archives(*each)]
        if missing:
            run("apt-get", "download", "-q", *missing, env=self._environment, cwd=self._cache)
        return [self._archives(*each)[0] for each in wanted]

    def _archives(self, name, version):
        return glob.glob(glob.escape("%s/%s_%s" % (self._cache, name, version.replace(":", "%3a"))) + "_*.deb")

    def dropped(self, name):
        return name in self._data["dropped"] or any(
            fnmatch.fnmatch(name, pattern) for pattern in self._data["dropped_patterns"]
        )


def fields(archive):
    """The control paragraph of an archive."""
    found, last = {}, None
    for line in run("dpkg-deb", "-f", archive).splitlines():
        if line[:1] in " \t":
            found[last] += "\n" + line.strip()
        else:
            last, _, value = line.partition(":")
            found[last] = value.strip()
    return found


def version(text):
    """Epoch, version and release as RPM has them."""
    epoch, _, rest = text.rpartition(":")
    upstream, hyphen, release = rest.rpartition("-")
    if not hyphen:
        upstream, release = rest, "0"
    return epoch or "0", upstream.replace("-", "."), release or "0"


def evr(text):
    epoch, upstream, release = version(text)
    return ("" if epoch == "0" else epoch + ":") + upstream + "-" + release


def virtual(field):
    """Names and versions of a Provides field."""
    for item in re.split(r",\s*", (field or "").replace("\n", " ")):
        match = re.match(r"([a-z0-9.+-]+)(?::\w+)?\s*(?:\(=\s*(\S+?)\))?$", item.strip())
        if match:
            yield match[1], match[2]


def requirements(field, names, known, dropped):
    """A Depends field in RPM's words; names: Debian's name -> RPM's; known: virtual packages of the set."""
    found = []
    for clause in (field or "").replace("\n", " ").split(","):
        alternatives = []
        for alternative in filter(None, (text.strip() for text in clause.split("|"))):
            name, operator, wanted = CLAUSE.match(alternative).groups()
            if name in names:
                alternatives.append(names[name] + (" %s %s" % (OPERATORS[operator], evr(wanted)) if operator else ""))
            elif name in known and not dropped(name):
                alternatives.append(name)
        if len(alternatives) == 1:
            found.append(alternatives[0])
        elif alternatives:
            found.append("(" + " or ".join(alternatives) + ")")
    return found
