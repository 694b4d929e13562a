"""A campaign with councils whose papers are issued, PDFs included, on a machine without LibreOffice."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping

from conftest import REPOSITORY, Folder
from verdict import here

from pipeline.doors.register import Register
from pipeline.model.documents import Edition, PrintedPage
from pipeline.run import Options, make

AT = "2018-05-20T00:00:00+00:00"
COUNCILS = {"한빛협의회": "hanbit@example.org", "누리협의회": "nuri@example.org"}


def issued(
    folder: Folder,
    councils: Mapping[str, str] = COUNCILS,
    settings: str = "",
    pdfs: Mapping[str, bytes] | None = None,
) -> Folder:
    """One candidate a council, two for the first; made once for all tests that ask for the same.

    Args:
        folder: an empty campaign.
        councils: with their addresses.
        settings: more of campaign.toml.
        pdfs: of some papers, by number, in place of small ones.
    """
    key = hashlib.sha256(repr((councils, settings, pdfs)).encode()).hexdigest()[:16]
    store = folder.root.parent.parent / f"issued-{key}"
    if not store.exists():
        _issue(folder, councils, settings, pdfs or {})
        shutil.copytree(folder.root, store)
    else:
        shutil.rmtree(folder.root)
        shutil.copytree(store, folder.root)
    return folder


def _issue(folder: Folder, councils: Mapping[str, str], settings: str, pdfs: Mapping[str, bytes]) -> None:
    regions, people, answers = ["지역코드,시도,시군구,협의회", "1100,서울특별시,,"], [], []
    for number, council in enumerate(councils, start=1):
        place = f"{number}번구"
        code = 4110000 + number
        regions.append(f"{code},서울특별시,{place},{council}")
        people.append(f"{number},구·시·군의 장,서울특별시,{place},무소속,1,{_name(number)}")
        answers.append(f"{number},1,수용,")
        if number == 1:
            people.append(f"1000,구·시·군의 장,서울특별시,{place},무소속,2,{_name(0)}")
            answers.append("1000,1,수용,")
    rows = [f'{name},서울특별시,대표,진하율,"{address}"' for name, address in councils.items()]
    folder.write("inputs/regions.csv", "\n".join(regions) + "\n")
    folder.write("inputs/councils.csv", "\n".join(["협의회,시도,직함,대표,이메일", *rows]) + "\n")
    folder.write("inputs/candidates.csv", "\n".join(["후보자ID,선거종류,시도,선거구,정당,기호,이름", *people]) + "\n")
    folder.write("inputs/answers.csv", "\n".join(["후보자ID,공약번호,답변,의견", *answers]) + "\n")
    folder.change(
        "inputs/campaign.toml", 'regions = "regions.csv"', 'regions = "regions.csv"\ncouncils = "councils.csv"'
    )
    text = (folder.root / "inputs/campaign.toml").read_text("utf-8")
    folder.write("inputs/campaign.toml", f"{text}\n{settings}")
    shutil.copy(REPOSITORY / "templates/cover-letter.docx", folder.root / "templates")
    assert here(folder, "make", "--jobs", "1").code == 3
    print_all(folder, pdfs)


def _name(number: int) -> str:
    """A name of its own for each."""
    signs = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"
    return "남궁" + signs[number // 28] + signs[number % 28]


def print_all(folder: Folder, pdfs: Mapping[str, bytes]) -> None:
    """Give papers that wait for one a PDF, as LibreOffice elsewhere would have."""
    outputs = folder.root / "outputs"
    with Register(outputs) as register:
        known = register.issued()
        jobs = make(Options(folder.root, dry_run=True), (), lambda *_: None).jobs
        for job in jobs:
            if known[job.kind, job.key].pdf_sha256:
                continue
            blob = pdfs.get(job.number, b"%PDF-1.7 " + job.number.encode())
            folder.write(f"outputs/{job.pdf}", blob)
            digest = hashlib.sha256(blob).hexdigest()
            pages = (PrintedPage("X", job.number),)
            register.record([(job, Edition(known[job.kind, job.key].docx_sha256, digest, pages, "", AT))])


def delivered(folder: Folder) -> list[tuple[str, str, int, str]]:
    """What the register knows of deliveries: to whom, number, revision, how."""
    with Register(folder.root / "outputs", readonly=True) as register:
        return [(one.receiver, one.number, one.revision, one.way) for one in register.deliveries()]
