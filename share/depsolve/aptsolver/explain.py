"""Why packages cannot be installed together, in the words apt uses."""

# A chain of reasons longer than this is cut; the first links are the ones a person can act upon.
DEEPEST = 5
MOST_LINES = 20


def broken(cache, depcache):
    """The unmet dependencies of everything that is marked, as one text; "" when all are met."""
    lines = []
    for package in cache.packages:
        if depcache.marked_install(package) and depcache.is_inst_broken(package):
            _unmet(depcache, depcache.get_candidate_ver(package), lines, set())
    if not lines:
        return ""
    shown = list(dict.fromkeys(lines))[:MOST_LINES]
    return "The following packages have unmet dependencies: " + "; ".join(shown)


def conflicts(depcache, packages):
    """The conflicts among packages that are all marked, as one text; "" without any."""
    lines = []
    for package in packages:
        _conflicts(depcache, depcache.get_candidate_ver(package), lines)
    shown = list(dict.fromkeys(lines))[:MOST_LINES]
    return "The following packages cannot be installed together: " + "; ".join(shown) if shown else ""


def uninstallable(depcache, versions):
    """The dependencies of these versions that nothing can meet, as one text; "" when there is none.

    Nothing may be marked: libapt takes back the candidates that it cannot install.
    """
    lines = []
    for version in versions:
        _hopeless(depcache, version, lines, {version.parent_pkg.name})
    shown = list(dict.fromkeys(lines))[:MOST_LINES]
    return "The following packages have unmet dependencies: " + "; ".join(shown) if shown else ""


def _hopeless(depcache, version, lines, seen):
    """Whether a dependency of the version cannot be met; then there are lines that say why."""
    found = False
    for kind in ("PreDepends", "Depends"):
        for alternatives in version.depends_list.get(kind, ()):
            targets = [t for dependency in alternatives for t in dependency.all_targets()]
            targets = [t for t in targets if depcache.get_candidate_ver(t.parent_pkg) == t]
            deeper = []
            if any(not _leads_nowhere(depcache, target, deeper, seen) for target in targets):
                continue
            found = True
            wanted = " | ".join(_text(dependency) for dependency in alternatives)
            reason = "but it is not going to be installed" if targets else _offer(depcache, alternatives[0])
            lines.append("%s : %s: %s %s" % (version.parent_pkg.name, kind, wanted, reason))
            lines.extend(deeper)
    return found


def _leads_nowhere(depcache, target, lines, seen):
    name = target.parent_pkg.name
    if name in seen or len(seen) > DEEPEST:
        return False
    return _hopeless(depcache, target, lines, seen | {name})


def _unmet(depcache, version, lines, seen):
    seen.add(version.parent_pkg.name)
    for kind in ("PreDepends", "Depends"):
        for alternatives in version.depends_list.get(kind, ()):
            if not any(_is_met(depcache, dependency) for dependency in alternatives):
                _explain(depcache, version, kind, alternatives, lines, seen)
    _conflicts(depcache, version, lines)


def _conflicts(depcache, version, lines):
    for kind in ("Conflicts", "Breaks"):
        for (dependency,) in version.depends_list.get(kind, ()):
            if _is_met(depcache, dependency, but=version.parent_pkg):
                lines.append("%s : %s: %s" % (version.parent_pkg.name, kind, _text(dependency)))


def _is_met(depcache, dependency, but=None):
    return any(
        depcache.marked_install(target.parent_pkg)
        and depcache.get_candidate_ver(target.parent_pkg) == target
        for target in dependency.all_targets()
        if but is None or target.parent_pkg != but
    )


def _explain(depcache, version, kind, alternatives, lines, seen):
    """One line, or the lines of what keeps the first alternative from being installed."""
    targets = [t for dependency in alternatives for t in dependency.all_targets()]
    deeper = []
    if targets and len(seen) < DEEPEST and targets[0].parent_pkg.name not in seen:
        _unmet(depcache, targets[0], deeper, seen)
    wanted = " | ".join(_text(dependency) for dependency in alternatives)
    if not targets:
        reason = _offer(depcache, alternatives[0])
    else:
        reason = "but it is not going to be installed"
    lines.append("%s : %s: %s %s" % (version.parent_pkg.name, kind, wanted, reason))
    lines.extend(deeper)


def _offer(depcache, dependency):
    candidate = depcache.get_candidate_ver(dependency.target_pkg)
    if candidate is None:
        return "but it is not installable"
    return "but %s is to be installed" % candidate.ver_str


def _text(dependency):
    name = dependency.target_pkg.name
    if not dependency.target_ver:
        return name
    return "%s (%s %s)" % (name, dependency.comp_type_deb, dependency.target_ver)
