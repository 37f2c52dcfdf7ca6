"""A community that a file names and that nobody has entered yet."""

from __future__ import annotations

import re

from yihu.basics.names import initials
from yihu.ground.estate.models import Community
from yihu.kernel.authority import authority
from yihu.kernel.doors import command


def named(name: str) -> Community:
    """The community of that name, or an unsaved one."""
    return Community.objects.filter(name=name).first() or Community(name=name)


def found(name: str, when: str) -> Community:
    """The same, entered with a code out of its initials: 云栖苑 is YQY. ``when`` says in the journal how it came."""
    if known := Community.objects.filter(name=name).first():
        return known
    base = (re.sub("[^A-Z0-9]", "", (initials(name).split() or [""])[0].upper()) or "XM")[:8]
    taken = set(Community.objects.filter(code__startswith=base).values_list("code", flat=True))
    code = next(code for code in (base, *(f"{base}{number}" for number in range(2, 10_000))) if code not in taken)
    with command(by=authority().system(), key=f"community:{name}"[:100], verb="estate.community") as commanding:
        if not commanding.replayed:
            community = Community.objects.create(name=name, code=code)
            commanding.note(commanding.book("estate.community", community.pk), f"{when}新建项目 {name}")
    return Community.objects.get(name=name)
