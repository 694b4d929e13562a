"""The nation's volume: time, size and memory against appending the same papers with pypdf."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pikepdf

from pipeline.model.collected import About, Stage
from pipeline.model.volumes import NATION, Basis, Bound, Counted, Edition, Leaf, Volume
from tools.bench import sample
from tools.bench.measure import ROOT, Measured, Setting, Sides, talk

_PAPERS = 9_316
"""Candidates of 2018."""
_PAGES = 2
_GIGABYTE = 1000.0
"""Megabytes."""
_BIND = """
import json, pickle, sys, time
from pathlib import Path
from pipeline.run.binding import bind
from tools.peak import peak_memory
task = pickle.loads(Path(sys.argv[1]).read_bytes())
start = time.perf_counter()
bound = bind(task)
seconds = time.perf_counter() - start
if isinstance(bound, list):
    raise SystemExit(bound[0].code)
memory = peak_memory() / 1e6
print(json.dumps([seconds, memory, Path(task.target).stat().st_size]))
"""
_APPEND = """
import json, sys, time
from pathlib import Path
import pypdf
from tools.peak import peak_memory
start = time.perf_counter()
writer = pypdf.PdfWriter()
for path in Path(sys.argv[1]).read_text().splitlines():
    writer.append(path)
writer.write(sys.argv[2])
seconds = time.perf_counter() - start
memory = peak_memory() / 1e6
print(json.dumps([seconds, memory, Path(sys.argv[2]).stat().st_size]))
"""


def _measured(setting: Setting) -> tuple[list[float], list[float], int]:
    """Seconds, megabytes of memory and bytes of ours and of pypdf's, and how many papers."""
    import hashlib
    import pickle

    from pipeline.doors import office
    from pipeline.doors.pdf import page_count
    from pipeline.run.binding import Task
    from pipeline.run.working import CAPTIONS

    campaign = sample.campaign(setting.scratch)
    command = [sys.executable, "-m", "pipeline", "make", "agreement", "--quiet", "--campaign", str(campaign)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    papers_made = sorted((campaign / "outputs/agreements").rglob("*.pdf"))
    made = [path for path in papers_made if page_count(path.read_bytes()) == _PAGES]
    count = setting.pick(_PAPERS, 300)
    papers, files = [], []
    outputs = setting.scratch / "papers"
    outputs.mkdir()
    for place in range(count):
        path = outputs / f"{place:05d}.pdf"
        _own_copy(made[place % len(made)], path, place)
        files.append(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        number = f"A-4110100-{place:04d}"
        area = f"지역 {place * 226 // count}"
        about = About(
            number, "agreement", "4110100", place, "정책협약서", area, "", str(place), "경기도", "시장", f"이름{place}"
        )
        leaves = (Leaf(number, 1, n, Basis.PLAIN, path.name, digest, n) for n in (1, 2))
        papers.append(Bound(about, Stage.COMPLETE, tuple(leaves)))
    counts = tuple(Counted(f"지역 {n}", 1, 1, 0, 0, 2) for n in range(17))
    volume = Volume(NATION, Edition.INTERNAL, tuple(papers), counts)
    at = datetime.datetime(2018, 6, 13, tzinfo=datetime.UTC).isoformat()
    target = str(setting.scratch / "volume.pdf")
    font = office.font_file(*CAPTIONS)
    task = Task(volume, "견본", "단체", str(outputs), "volume.pdf", target, made[0].read_bytes(), font, at, str)
    (setting.scratch / "task").write_bytes(pickle.dumps(task))
    (setting.scratch / "list").write_text("\n".join(map(str, files)))
    talk(f"    {count} papers")
    ours = _run(_BIND, str(setting.scratch / "task"))
    theirs = _run(_APPEND, str(setting.scratch / "list"), str(setting.scratch / "appended.pdf"))
    for side, values in (("ours", ours), ("pypdf", theirs)):
        talk(f"    {side}: {values[0]:.1f} s, {values[1]:.0f} MB of memory, {values[2] / 1e6:.1f} MB")
    return ours, theirs, count


def _own_copy(source: Path, target: Path, number: int) -> None:
    """Of every paper the text is its own; fonts are those of the batch it was converted in."""
    with pikepdf.open(source) as document:
        for page in document.pages:
            page.contents_add(f"% {number}\n".encode())
        document.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _run(program: str, *arguments: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )  # fmt: skip
    return [float(one) for one in json.loads(done.stdout)]


_KNOWN: dict[Path, tuple[list[float], list[float], int]] = {}


def _once(setting: Setting) -> tuple[list[float], list[float], int]:
    """One measurement for three rows: the pypdf side takes minutes."""
    key = Path("quick" if setting.quick else "full")
    if key not in _KNOWN:
        _KNOWN[key] = _measured(setting)
    return _KNOWN[key]


def time_against_pypdf(setting: Setting) -> Measured:
    """A volume with cover, lists, links, bookmarks, stamps and PDF/A, against the bare pages in a row."""
    ours, theirs, count = _once(setting)
    return Measured(Sides(ours[0], theirs[0], 1), count)


def size_against_pypdf(setting: Setting) -> Measured:
    """The same files; fonts are there once, or once a paper."""
    ours, theirs, count = _once(setting)
    return Measured(Sides(ours[2] / 1e6, theirs[2] / 1e6, 1), count)


def memory_against_a_gigabyte(setting: Setting) -> Measured:
    """The largest the process became, LibreOffice not needed any more; the other side is the goal."""
    ours, _, count = _once(setting)
    return Measured(Sides(ours[1], _GIGABYTE, 1), count)
