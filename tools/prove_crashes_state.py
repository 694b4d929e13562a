"""What a campaign's outputs come to, so that two lives of it can be compared; and what a run has left lying about.

Compared is what somebody could hold us to; left out is when something happened, how often, and how a batch was cut:

* register: documents; the latest edition of each number without its time, row number and the hash of its PDF, with
  its pages and boxes; originals without the time of first sight; readings; decisions; the present volumes without
  hash and time; which events of which subjects there are, each once.
* Word files and everything else that is no PDF: names and bytes. Workbooks: their parts.
* PDFs: names, and of each page the text and the pixels at 50 dpi. Papers of a batch share its fonts, and after a
  crash a batch is another one: other bytes, same pages.
* the archive: names of its payload.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2

from pipeline.doors.register import Register
from tools.prove_crashes_watch import is_result

Part = Mapping[str, Any]
State = Mapping[str, Part]
_DPI = 50
_WITHOUT: Mapping[str, frozenset[str]] = {
    "editions": frozenset({"id", "made_at", "pdf_sha256"}),
    "originals": frozenset({"first_seen_at"}),
    "volumes": frozenset({"id", "made_at", "sha256", "sources"}),
    "decisions": frozenset({"id", "at"}),
    "events": frozenset({"id", "at", "detail", "chain"}),
}


def state(root: Path) -> State:
    """Of the campaign in a folder."""
    outputs = root / "outputs"
    with Register(outputs, readonly=True) as register:
        found: dict[str, Part] = dict(_registered(dict(register.tables())))
    names = {
        path.relative_to(outputs).as_posix(): path
        for path in sorted(outputs.rglob("*"))
        if path.is_file() and is_result(path, outputs)
    }
    own = {name: path for name, path in names.items() if not name.startswith("archive/")}
    found["files"] = {name: _digest(path) for name, path in own.items() if path.suffix != ".pdf"}
    found["PDF"] = {name: list(_pages(path)) for name, path in own.items() if path.suffix == ".pdf"}
    found["archive"] = dict.fromkeys(names.keys() - own.keys(), "")
    return found


def differences(one: State, other: State) -> list[str]:
    """What is not the same, a line each."""
    return [
        f"{part}: {key}: {_told(one[part].get(key))} / {_told(other[part].get(key))}"
        for part in one
        for key in sorted({*one[part], *other[part]})
        if one[part].get(key) != other[part].get(key)
    ]


def _told(value: Any) -> str:
    return "-" if value is None else hashlib.sha256(repr(value).encode()).hexdigest()[:8]


def same_bytes(one: Path, other: Path) -> tuple[int, int]:
    """How many PDFs of two campaigns are the same byte by byte, and how many there are."""
    names = [path.relative_to(one) for path in one.glob("outputs/**/*.pdf") if "archive" not in path.parts]
    return sum((one / name).read_bytes() == (other / name).read_bytes() for name in names), len(names)


def _registered(tables: Mapping[str, list[dict[str, object]]]) -> Iterator[tuple[str, Part]]:
    latest = {str(row["number"]): row for row in tables["editions"]}
    numbers = {row["id"]: number for number, row in latest.items()}
    volumes = {f"{row['area']} {row['edition']}": row for row in tables["volumes"]}
    yield "documents", {str(row["number"]): row for row in tables["documents"]}
    yield "editions", {number: _plain("editions", row) for number, row in latest.items()}
    for name in ("pages", "boxes", "contexts"):
        rows = [row for row in tables[name] if row["edition"] in numbers]
        yield name, _grouped((numbers[row["edition"]], {**row, "edition": ""}) for row in rows)
    for name, key in (("originals", "sha256"), ("readings", "sha256"), ("decisions", "case_key")):
        yield name, _grouped((str(row[key]), _plain(name, row)) for row in tables[name])
    yield "volumes", {key: (_plain("volumes", row), _sources(str(row["sources"]))) for key, row in volumes.items()}
    yield "events", {f"{row['what']} {row['subject']}": _plain("events", row) for row in tables["events"]}


def _plain(table: str, row: Mapping[str, object]) -> dict[str, object]:
    """A row without what may differ."""
    return {name: value for name, value in row.items() if name not in _WITHOUT.get(table, ())}


def _sources(text: str) -> list[dict[str, object]]:
    """Where a volume's pages come from; the hash of an issued PDF is its own affair."""
    return [{name: value for name, value in one.items() if name != "sha256"} for one in json.loads(text)]


def _grouped(rows: Iterable[tuple[str, object]]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for key, row in rows:
        found.setdefault(key, []).append(row)
    return found


def _digest(path: Path) -> str:
    blob = path.read_bytes()
    if path.suffix == ".xlsx":
        # A workbook says when it was saved.
        with zipfile.ZipFile(io.BytesIO(blob)) as package:
            blob = b"".join(package.read(name) for name in sorted(package.namelist()) if name != "docProps/core.xml")
    return hashlib.sha256(blob).hexdigest()


def _pages(path: Path) -> Iterator[tuple[str, str]]:
    """Words and pixels of each page, as hashes.

    Blanks do not count: whether PDFium tells of one at the end of a line depends on the batch (seen, same pixels).
    """
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            text = " ".join(page.get_textpage().get_text_bounded().split())
            pixels = page.render(scale=_DPI / 72).to_numpy().tobytes()
            yield hashlib.sha256(text.encode()).hexdigest(), hashlib.sha256(pixels).hexdigest()
    finally:
        document.close()


# --- what is left lying about ------------------------------------------------------------------------------------


def left_over(root: Path, scratch: Path) -> list[str]:
    """Temporary files below a campaign, anything below its scratch folder, processes that know either."""
    files = [path for path in root.rglob(".*") if path.name.endswith(".tmp") or path.name == ".holder"]
    found = [str(path.relative_to(root)) for path in files]
    found += [path.name for path in scratch.iterdir()]
    return [*found, *(f"process {pid}" for pid in processes(root, scratch))]


def processes(*folders: Path) -> list[int]:
    """Processes whose command line or working folder names one of the folders; none of our own ancestors."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal() or int(entry.name) in _own():
            continue
        try:
            told = (entry / "cmdline").read_bytes().decode(errors="replace") + str((entry / "cwd").readlink())
        except OSError:
            continue
        if any(f"{folder}" in told for folder in folders):
            found.append(int(entry.name))
    return found


def _own() -> set[int]:
    """This process and those above it."""
    found = {os.getpid()}
    pid = os.getpid()
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            break
        found.add(pid)
    return found
