"""What LibreOffice may do: a profile that forbids macros, links and active content, and a world without network.

Names of settings are those of LibreOffice's own schema (officecfg, 7.4); one that a version does not know, it ignores.
"""

from __future__ import annotations

import functools
import html
import os
import shutil
import subprocess
import sys
from pathlib import Path

_COMMON, _WRITER = "/org.openoffice.Office.Common", "/org.openoffice.Office.Writer"
_NOWHERE = ("127.0.0.1", "9")
"""Port 9 (discard) of this machine: where no network namespace can be had, every request ends here."""
_NEVER_NEWER = "99.9"
"""The version that was started last. Where it is lower, each start draws on canvases to try the graphics: 0.6 of 0.87 s
(measured, 7.4.7); without a screen LibreOffice never notes that it did."""
_SETTINGS = (
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableActiveContent", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableOLEAutomation", "true"),
    (f"{_COMMON}/Security/Scripting", "DisablePythonRuntime", "true"),
    (f"{_COMMON}/Misc", "UseLocking", "false"),
    (f"{_COMMON}/Misc", "FirstRun", "false"),
    (f"{_COMMON}/Misc", "CrashReport", "false"),
    ("/org.openoffice.Setup/Product", "ooSetupLastVersion", _NEVER_NEWER),
    (f"{_WRITER}/Content/Update", "Link", "0"),
    (f"{_WRITER}/Content/Update", "Field", "false"),
    (f"{_WRITER}/Content/Update", "Chart", "false"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    *(
        ("/org.openoffice.Inet/Settings", f"ooInet{protocol}Proxy{part}", value)
        for protocol in ("HTTP", "HTTPS")
        for part, value in zip(("Name", "Port"), _NOWHERE, strict=True)
    ),
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)


def prepare(profile: Path) -> None:
    """Make a profile before its first start; one that is there stays.

    Raises:
        OSError: of the disk.
    """
    path = profile / "user" / "registrymodifications.xcu"
    if path.exists():
        return
    items = (
        f'<item oor:path="{html.escape(place)}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{html.escape(value)}</value></prop></item>"
        for place, name, value in _SETTINGS
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    # Half of it would be taken for the whole at the next start.
    temporary = path.with_suffix(".tmp")
    temporary.write_text(_HEAD + "\n".join(items) + "\n</oor:items>\n", encoding="utf-8")
    temporary.replace(path)


@functools.cache
def without_network() -> tuple[str, ...]:
    """The words before a command that take its network away; none where the system has no such thing.

    Linux: a network namespace of its own, with no interface that is up. `unshare` becomes the command, so that its
    process is the one that was started.
    """
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    for words in (["--net"], ["--user", "--map-current-user", "--net"]):
        if unshare and _works([unshare, *words, "--", "true"]):
            return (unshare, *words, "--")
    return ()


def _works(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a start: ours, with no way out to the net, and its temporary files in a folder of ours.

    It takes and gives back memory in small pieces all the time: glibc is asked to keep more of them at hand for a
    thread than seven of a size, which takes 7 % off the time of a conversion (measured, 7.4.7 with glibc 2.36).
    """
    proxy = "http://{}:{}".format(*_NOWHERE)
    places = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))
    memory = ":".join(filter(None, ("glibc.malloc.tcache_count=2000", os.environ.get("GLIBC_TUNABLES"))))
    return {**os.environ, **places, "GLIBC_TUNABLES": memory, "http_proxy": proxy, "https_proxy": proxy, "no_proxy": ""}
