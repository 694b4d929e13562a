"""Shared fixtures: a campaign small enough to stand on the screen beside its verdict."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from pipeline.doors import workers

# A shell that starts the suite with `&` lets it, and every program that a test starts and interrupts, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).parent.parent
COVERS = frozenset({"volume.docx", "cover-letter.docx"})
SHIPPED = sorted(path for path in (REPOSITORY / "templates").glob("*.docx") if path.name not in COVERS)
"""Templates of papers."""

CAMPAIGN = """\
[campaign]
id = "TEST-2018"
language = "en"
name = "시험 협약"
agreement_date = 2018-05-23
[election]
name = "제7회 전국동시지방선거"
date = 2018-06-13
[terms]
"분야" = "사회적경제"
[[organisations]]
name = "한빛사회적경제협의회"
title = "상임대표"
representative = "진하율"
[tables]
regions = "regions.csv"
candidates = "candidates.csv"
pledges = "pledges.csv"
answers = "answers.csv"
[kinds.agreement]
title = "정책협약서"
letter = "A"
template = "agreement.docx"
folder = "agreements"
filter = { "협약" = "예" }
signers = ["organisations", "candidate"]
"""
REGIONS = """\
지역코드,시도,시군구
1100,서울특별시,
4110100,서울특별시,종로구
4110200,서울특별시,중구
"""
CANDIDATES = """\
후보자ID,선거종류,시도,선거구,정당,기호,이름
101,시·도지사,서울특별시,서울특별시,푸른내일당,1,남궁한결
102,구·시·군의 장,서울특별시,종로구,무소속,3,서다온
103,교육감,서울특별시,서울특별시,,,도하늘
"""
PLEDGES = """\
번호,분야,제목,요구
1,제도,기본 조례 제정,기본 조례를 만든다.
2,판로,우선구매 확대,우선구매 비율을 높인다.
"""
ANSWERS = """\
후보자ID,공약번호,답변,의견
101,1,수용,
101,2,부분수용,예산 범위에서 한다.
102,1,수용,
103,2,수용,
"""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a sixth of their time tests wait, for timeouts and for programs that hang."""
    return workers.cores() + 1


def word(*paragraphs: str, footer: str = "{{ 문서.번호 }}") -> bytes:
    """A plain Word template of these paragraphs."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name = "NanumGothic"
    style.element.rPr.rFonts.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", "NanumGothic"
    )
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].footer.paragraphs[0].text = footer
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


TEMPLATE = word(
    "{{ 문서.제목 }}",
    "{{ 후보.직함 }} {{ 후보.이름|은는 }} 협약한다.",
    "{%p for 하나 in 공통공약 %}",
    "{{ 하나.제목 }} {{ 하나.의견 }}",
    "{%p endfor %}",
    "끝.",
)


@dataclass
class Result:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def codes(self) -> set[str]:
        """Codes of errors and warnings."""
        return {one["code"] for one in self.json["findings"] if one["level"] != "note"}


class Folder:
    """A campaign folder whose files are plain text in the test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("inputs/campaign.toml", CAMPAIGN)
        self.write("inputs/regions.csv", REGIONS)
        self.write("inputs/candidates.csv", CANDIDATES)
        self.write("inputs/pledges.csv", PLEDGES)
        self.write("inputs/answers.csv", ANSWERS)
        self.write("templates/agreement.docx", TEMPLATE)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def change(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def outputs(self) -> dict[str, bytes]:
        """All papers below outputs/, by relative path."""
        base = self.root / "outputs"
        return {
            str(path.relative_to(base)): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.suffix in {".docx", ".pdf"}
        }

    def run(self, *arguments: str, timeout: float = 300, **environment: str) -> Result:
        """The command itself, in a process of its own."""
        import os

        command = [sys.executable, "-m", "pipeline", *arguments, "--campaign", str(self.root)]
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONWARNINGS": "error::DeprecationWarning:pipeline", **environment},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Result(done.returncode, done.stdout, done.stderr)

    def no_office(self, *arguments: str, **environment: str) -> Result:
        """The command on a machine without LibreOffice."""
        return self.run(*arguments, HYEOPYAK_SOFFICE="", **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A campaign of three candidates."""
    return Folder(tmp_path / "campaign")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for pages as people see them."""
    from browsing import chromium

    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def sample_plan() -> Any:
    """The plan of the sample campaign, as a dry run in a folder without outputs sees it."""
    from pipeline.run import Options, make

    outcome = make(Options(REPOSITORY, dry_run=True), (), lambda _done, _due: None)
    return outcome.jobs


@pytest.fixture(scope="session")
def sample_jobs(sample_plan: Any) -> Any:
    """Jobs of the sample campaign by file name of their template."""
    import tomllib

    kinds = tomllib.loads((REPOSITORY / "inputs/campaign.toml").read_text(encoding="utf-8"))["kinds"]
    jobs: dict[str, list[Any]] = {kind["template"]: [] for kind in kinds.values()}
    for job in sample_plan:
        jobs[kinds[job.kind]["template"]].append(job)
    return jobs
