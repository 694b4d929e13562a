"""A zip whose unchanging members are compressed once; each copy costs only its changed members.

PKZIP application note 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end). No zip64:
a Word file of 4 GB is refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = (1 << 5) | 1
"""1980-01-01, the earliest: the same input gives the same bytes."""
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
_PACKED_ALREADY = (".png", ".jpeg")
QUICKLY, _AS_EVER = 1, 6
"""Levels of zlib: for what is read once and thrown away, and for what is kept."""
_LIMIT = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Member:
    name: bytes
    crc: int
    size: int
    packed: bytes
    method: int

    @property
    def fields(self) -> tuple[int, ...]:
        """What both headers say, from the version needed to the length of the name."""
        flags = 0 if self.name.isascii() else _UTF8
        return (20, flags, self.method, 0, _DATE, self.crc, len(self.packed), self.size, len(self.name))

    def local(self) -> bytes:
        return _LOCAL.pack(b"PK\x03\x04", *self.fields, 0) + self.name + self.packed

    def central(self, offset: int) -> bytes:
        return _CENTRAL.pack(b"PK\x01\x02", 20, *self.fields, 0, 0, 0, 0, 0, offset) + self.name


def _member(name: str, content: bytes, *, often: bool = False, level: int = _AS_EVER) -> _Member:
    """A member compressed; one that goes into many archives as it is where compressing again would gain nothing."""
    if often and name.endswith(_PACKED_ALREADY):
        return _Member(name.encode(), zlib.crc32(content), len(content), content, _STORED)
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return _Member(name.encode(), zlib.crc32(content), len(content), packed, _DEFLATED)


class PreparedZip:
    """Compresses `static` members once; `build` adds the others.

    Args:
        static: members by name.
        level: of zlib, at which they are compressed.
    """

    def __init__(self, static: Mapping[str, bytes], level: int = _AS_EVER) -> None:
        members = [_member(name, content, level=level) for name, content in static.items()]
        local, self._central, self._count = _lay_out(members, 0)
        self._local = local

    def build(self, changed: Mapping[str, bytes]) -> bytes:
        """The whole archive: the static members, then the changed ones.

        Raises:
            OverflowError: the archive would need zip64.
        """
        local, central, count = _lay_out([_member(*item, often=True) for item in changed.items()], len(self._local))
        start = len(self._local) + len(local)
        directory = self._central + central
        if start + len(directory) > _LIMIT:
            raise OverflowError("the archive is larger than 4 GB")
        total = self._count + count
        end = _END.pack(b"PK\x05\x06", 0, 0, total, total, len(directory), start, 0)
        return b"".join((self._local, local, directory, end))


def _lay_out(members: list[_Member], offset: int) -> tuple[bytes, bytes, int]:
    local, central = [], []
    for member in members:
        central.append(member.central(offset))
        local.append(member.local())
        offset += len(local[-1])
    return b"".join(local), b"".join(central), len(members)
