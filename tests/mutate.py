"""Corrupt the corpus at random and read it: run in a process of its own, with bounds on memory and time.

    python tests/mutate.py SEED COUNT

Prints a JSON object: how many of each outcome, the slowest reading, and whatever went wrong.
"""

from __future__ import annotations

import io
import json
import random
import re
import resource
import signal
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from books import BOOKS, Case

from pipeline.doors.books.sheets import read_blob
from pipeline.model.catalogue import CATALOGUE
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell
from pipeline.model.records import MODELS
from pipeline.show.report import message, remedy
from pipeline.steps.read import read_records
from tools.peak import peak_memory

MEMORY = 1_000_000_000
SECONDS = 10
EXTREMES = (
    "-1",
    "0",
    "99999999999",
    "",
    "A0",
    "XFD1048576",
    "ZZZZ1",
    "A1:XFD1048576",
    "1e999",
    "NaN",
    "-0.0",
    "true",
    "s",
    "e",
    "inlineStr",
    "d",
    "1048577",
    "16385",
    "&#x10FFFF;",
    "_x0000_",
    "../../etc/passwd",
    "2958466",
    "P1D",
    "percentage",
)


def flip(blob: bytes, chance: random.Random) -> bytes:
    changed = bytearray(blob)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(blob: bytes, chance: random.Random) -> bytes:
    return blob[: chance.randrange(len(blob) + 1)]


def shuffle(blob: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(blob) + 1), chance.randrange(len(blob) + 1)))
    piece = blob[start : min(end, start + 5000)]
    return chance.choice((blob[:start] + blob[start + len(piece) :], blob[:end] + piece * 3 + blob[end:], piece))


def member(change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    """Change one member of a zip and pack it again, so that the sums are right."""

    def corrupt(blob: bytes, chance: random.Random) -> bytes:
        if not blob.startswith(b"PK"):
            return change(blob, chance)
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            infos = source.infolist()
            likely = [one for one in infos if re.search(r"sheet|shared|styles|workbook|content", one.filename)]
            victim = chance.choice(likely or infos).filename
            for info in infos:
                content = source.read(info)
                target.writestr(info.filename, change(content, chance) if info.filename == victim else content)
        return buffer.getvalue()

    return corrupt


def drop(blob: bytes, chance: random.Random) -> bytes:
    if not blob.startswith(b"PK"):
        return cut(blob, chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blob)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        infos = source.infolist()
        victim, other = chance.choice(infos), chance.choice(infos)
        for info in infos:
            if info is not victim:
                target.writestr(info.filename, source.read(other if chance.random() < 0.1 else info))
    return buffer.getvalue()


def attribute(blob: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb'="([^"]*)"', blob))
    if not found:
        return flip(blob, chance)
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3)))), key=lambda one: -one.start()):
        blob = blob[: match.start(1)] + chance.choice(EXTREMES).encode() + blob[match.end(1) :]
    return blob


def element(blob: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"<[^>]*>", blob))
    if not found:
        return shuffle(blob, chance)
    match, other = chance.choice(found), chance.choice(found)
    return chance.choice(
        (
            blob[: match.start()] + blob[match.end() :],
            blob[: match.start()] + other[0] + blob[match.end() :],
            blob[: match.start()] + match[0] * chance.choice((2, 5000)) + blob[match.end() :],
        )
    )


def cell(blob: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb">([^<>]+)<", blob)) or list(re.finditer(rb"[,\t\n]([^,\t\n]*)", blob))
    if not found:
        return flip(blob, chance)
    match = chance.choice(found)
    value = chance.choice(
        (*EXTREMES, "가" * 200_000, "=1+1", "991332-1000000", "\x0b", "{{ x }}", '"', "&lol;", "<a>", "#N/A")
    )
    return blob[: match.start(1)] + value.encode() + blob[match.end(1) :]


def encoding(blob: bytes, chance: random.Random) -> bytes:
    try:
        text = blob.decode("utf-8-sig")
    except UnicodeDecodeError:
        return flip(blob, chance)
    name = chance.choice(("cp949", "utf-16", "utf-16-le", "utf-32", "johab", "latin-1", "utf-8-sig", "utf-7"))
    return (
        text.encode(name, "replace")
        if chance.random() < 0.7
        else text.encode(name, "ignore")[: chance.randrange(1, 500)]
    )


CORRUPTIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip,
    cut,
    shuffle,
    drop,
    member(flip),
    member(cut),
    member(shuffle),
    member(attribute),
    member(attribute),
    member(element),
    member(cell),
    member(cell),
    member(encoding),
    encoding,
)


def read(case: Case, blob: bytes, kind: str) -> str:
    """What came of it: the code of trouble, or 'read'. Every message has to be one that can be printed."""
    try:
        sheet = read_blob(
            blob, kind, Cell("inputs/book", case.source.partition("#")[2]), case.source.partition("encoding=")[2]
        )
        _, findings, _ = read_records(sheet, MODELS[case.table], case.columns, 2018)
    except Trouble as trouble:
        findings = [trouble.finding]
        code = trouble.finding.code
        if not code.startswith(("file.", "sheet.")) or CATALOGUE[code].exit_code not in {1, 5}:
            raise AssertionError(code) from trouble
    else:
        code = "read"
    for one in findings[:50]:
        if "991332" in message(one) + remedy(one):
            raise AssertionError("a resident number is repeated")
    return code


def main(seed: int, count: int) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance = random.Random(seed)
    books = [(Case.of(path), path.with_suffix("")) for path in sorted(BOOKS.glob("*.txt"))]
    blobs = {path: path.read_bytes() for _, path in books}
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    wrong: list[str] = []

    def too_long(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, too_long)
    for number in range(count):
        case, path = books[number % len(books)]
        corrupt = CORRUPTIONS[chance.randrange(len(CORRUPTIONS))]
        blob = corrupt(blobs[path], chance)
        started = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            outcomes[read(case, blob, path.suffix)] += 1
        except BaseException:  # noqa: BLE001 - whatever it is, it is what we look for
            wrong.append(
                f"{number} {path.name} {getattr(corrupt, '__qualname__', corrupt)}\n{traceback.format_exc()[-1500:]}"
            )
        signal.alarm(0)
        slowest = max(slowest, time.perf_counter() - started)
    return {"outcomes": outcomes, "slowest": slowest, "peak": peak_memory(), "wrong": wrong}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
