"""ZIP archives (pyzipper): the same files give the same bytes, but for those that are encrypted (AES-256).

Papers are stored as they are: Word files and PDFs are deflated already, and what another version of zlib deflates
differs. Names are UTF-8 and marked so; encryption hides what files say, not what they are called.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pyzipper

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first a ZIP can hold: when it was packed says nothing."""
_MODE = 0o100644 << 16
_UNIX = 3


def zipped(files: Mapping[str, bytes], passphrase: str = "") -> bytes:
    """Files by name as an archive, sorted.

    Args:
        files: names with slashes.
        passphrase: '' leaves it open.
    """
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w") as archive:
        if passphrase:
            archive.setpassword(passphrase.encode())
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, blob in sorted(files.items()):
            info = archive.zipinfo_cls(name, _DATE)
            info.compress_type = pyzipper.ZIP_STORED
            info.create_system, info.external_attr = _UNIX, _MODE
            archive.writestr(info, blob)
    return buffer.getvalue()


def opens(path: Path, name: str, passphrase: str) -> bool:
    """Whether a file of an archive can be read with a passphrase."""
    try:
        with pyzipper.AESZipFile(path) as archive:
            archive.setpassword(passphrase.encode())
            archive.read(name)
    except (OSError, RuntimeError, LookupError, pyzipper.BadZipFile):
        return False
    return True
