"""Composed conversion is faithful: not a pixel differs from converting each document by itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import awkward
import numpy as np
import pikepdf
import pypdfium2
import pytest
from conftest import SHIPPED, word
from test_word import sample_pictures

from pipeline.doors import office, pdf
from pipeline.doors.word import compose
from pipeline.doors.word.template import WordTemplate
from pipeline.korean.filters import FILTERS

pytestmark = pytest.mark.office
COMPOSABLE = (
    awkward.special_signs, awkward.paragraph_conditions, awkward.nested_loops, awkward.row_loops,
    awkward.headers_of_sections, awkward.first_page_header, awkward.split_tags, awkward.pictures,
    awkward.picture_in_cell, awkward.qr_in_footer, awkward.two_pictures, awkward.many_signs,
)  # fmt: skip
ALONE = {
    awkward.numbered_lists: "automatic numbering in a style",
    awkward.page_count_field: "the field NUMPAGES",
    awkward.ends_with_table: "an end without a paragraph",
    awkward.late_header: "a header that begins in a later section",
}


def untitled(piece: int, _pages: range) -> pdf.Cover:
    return pdf.Cover(f"제목 {piece}")


@pytest.fixture(scope="module")
def libre(tmp_path_factory: pytest.TempPathFactory) -> office.Office:
    return office.Office(office.find_office(), tmp_path_factory.mktemp("office"))


def rasters(blob: bytes) -> Iterator[Any]:
    with pypdfium2.PdfDocument(blob) as document:
        for page in document:
            yield page.render(scale=144 / 72).to_numpy()


def differing_pixels(one: bytes, other: bytes) -> int:
    ours, theirs = list(rasters(one)), list(rasters(other))
    assert [page.shape for page in ours] == [page.shape for page in theirs]
    unlike = [(a, b) for a, b in zip(ours, theirs, strict=True) if not np.array_equal(a, b)]
    return sum(int(np.any(a != b, axis=2).sum()) for a, b in unlike)


@dataclass(frozen=True)
class Trial:
    """A template, and its documents to be converted together and each by itself."""

    template: WordTemplate
    documents: list[dict[str, bytes]]


def trial(template: WordTemplate, contexts: list[Any]) -> Trial:
    documents = []
    for context in contexts:
        rendered, findings = template.render(context)
        assert findings == []
        documents.append(rendered)
    return Trial(template, documents)


def judged(libre: office.Office, trials: dict[str, Trial]) -> dict[str, list[int]]:
    """Differing pixels of every document, by template; two starts of LibreOffice for all of them."""
    assert {name: compose.obstacle(one.template.static, one.documents[0]) for name, one in trials.items()} == (
        dict.fromkeys(trials, "")
    )
    count = sum(len(one.documents) for one in trials.values())
    wholes = libre.convert([compose.compose(one.template.static, one.documents) for one in trials.values()], count)
    singles = iter(
        libre.convert([one.template.pack(piece) for one in trials.values() for piece in one.documents], count)
    )
    found = {}
    for (name, one), whole in zip(trials.items(), wholes, strict=True):
        pieces = pdf.split(whole, list(compose.names(len(one.documents))), untitled)
        together = [b"".join(piece.pdf) for piece in pieces]
        found[name] = [differing_pixels(piece, next(singles)) for piece in together]
    return found


@pytest.mark.slow
def test_shipped_templates(sample_jobs: Any, libre: office.Office) -> None:
    trials, apart = {}, set()
    for path in SHIPPED:
        jobs = sorted(sample_jobs[path.name], key=lambda job: len(str(job.context)))
        chosen = [*jobs[:1], *jobs[:: max(1, len(jobs) // 3)], *jobs[-1:]]
        template = WordTemplate(path.read_bytes(), FILTERS, path.name, sample_pictures())
        if compose.obstacle(template.static, template.render(jobs[0].context)[0]) == "charts":
            apart.add(path.stem)
        else:
            trials[path.stem] = trial(template, [job.context for job in chosen])
    assert judged(libre, trials) == {name: [0] * len(one.documents) for name, one in trials.items()}
    assert apart == {"report"}


def test_awkward_templates(libre: office.Office) -> None:
    """Three documents of different length, so that the second and third begin on odd and even pages of the whole."""
    contexts = [
        {**awkward.CONTEXT, "이름": name, "목록": awkward.CONTEXT["목록"] * times, "로고": logo}
        for name, times, logo in (
            ("가나다", 1, "로고.png"),
            ("라마바 사아자 쀍", 15, "직인.png"),
            ("홍 & 길", 2, ""),
        )
    ]
    trials = {
        make.__name__: trial(WordTemplate(make(), FILTERS, "t", awkward.PICTURES), contexts) for make in COMPOSABLE
    }
    assert judged(libre, trials) == {make.__name__: [0, 0, 0] for make in COMPOSABLE}


@pytest.mark.parametrize(("make", "why"), ALONE.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_what_cannot_be_composed_is_recognised(make: Callable[[], bytes], why: str) -> None:
    template = WordTemplate(make(), FILTERS, "t")
    assert compose.obstacle(template.static, template.render(awkward.CONTEXT)[0]) == why


def test_the_comparison_can_fail(libre: office.Office) -> None:
    template = WordTemplate(awkward.special_signs(), FILTERS, "t")
    blobs = [template.pack(template.render({**awkward.CONTEXT, "이름": name})[0]) for name in ("가", "나")]
    one, other = libre.convert(blobs, 2)
    assert differing_pixels(one, other) > 0


def test_pieces_are_repeatable_and_hold_only_their_own_fonts(libre: office.Office) -> None:
    template = WordTemplate(word("{{ 이름 }}", footer="쪽"), FILTERS, "t")
    documents = [template.render({"이름": name})[0] for name in ("가나", "李")]
    composed = compose.compose(template.static, documents)
    runs = [
        [b"".join(one.pdf) for one in pdf.split(libre.convert([composed], 2)[0], list(compose.names(2)), untitled)]
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert "UnBatang" not in {name for name, _ in pdf.fonts(runs[0][0])}
    assert ("UnBatang", True) in pdf.fonts(runs[0][1])
    with pikepdf.open(io.BytesIO(runs[0][0])) as piece:
        assert dict(piece.docinfo) == {"/Title": "제목 0", "/Producer": "hyeopyak"}
    identifiers = set()
    for blob in runs[0]:
        with pikepdf.open(io.BytesIO(blob)) as piece:
            identifiers |= set(map(bytes, piece.trailer.ID))
    assert len(identifiers) == 2
    assert not any(one.hex().startswith("31415926") for one in identifiers)


def test_split_refuses_what_has_no_marks() -> None:
    blank = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(blank)
    for blob in (blank.getvalue(), b"", b"%PDF-1.7 broken"):
        with pytest.raises(office.Unusable):
            list(pdf.split(blob, ["a"], untitled))
