"""Part of step 2, check: whether a template can be used, tried on documents of the plan before any is made.

    file → traps of Word → tags against the contract → trial renders → fonts, names

Enters: a template's bytes, what its kind offers, and the jobs planned for it. Leaves: findings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.doors.word.contract import Group, never_used, shape_of
from pipeline.doors.word.contract_check import check_fields
from pipeline.doors.word.drawings import PICTURE_FILTERS
from pipeline.doors.word.hanja import COMMON
from pipeline.doors.word.margins import narrow
from pipeline.doors.word.package import REFUSED, UNREADABLE, inspect
from pipeline.doors.word.paragraphs import excerpt
from pipeline.doors.word.sign_fields import SIGN_FILTERS
from pipeline.doors.word.tags import Filters, make_environment
from pipeline.doors.word.template import WordTemplate
from pipeline.doors.word.traps import OPEN, lint
from pipeline.model.documents import Job
from pipeline.model.errors import Trouble
from pipeline.model.findings import Cell, Finding, errors, finding

_SAMPLES = 12
_EXAMPLES = 200
"""Contexts enough to find a filled list where there is one."""
_LONGEST_SPACED = 5
_PARTICLE = re.compile(r"(?:은|는|이|가|을|를|과|와|의|께|께서|님|에게|으로|로)$")
_SHORTEST_NAME = 3
"""Two syllables are as often a word as a name."""
_EVERYWHERE = frozenset({"문서", "캠페인", "선거", "용어", "단체", "단체들", "지역"})
"""What every kind offers: nobody wonders why a paper does not use all of it."""
_STRUCTURE = frozenset(
    f"template.{name}"
    for name in ("syntax", "cut", "section", "place", "rows", "columns", "cell", "inside", "tracked", "beside")
)
"""Findings that say better than a broken document what is wrong."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a template's kind has for it."""

    shape: Group | None = None
    """Of the contexts of the kind; None: as the jobs show it."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """By name, as for rendering."""
    template: WordTemplate | None = None
    """The template, where it is compiled already."""
    signed: bool = False
    """Whether people sign papers of the kind."""


_NO_OFFER = Offer()


def check_template(
    blob: bytes,
    shown: str,
    filters: Filters,
    jobs: Sequence[Job],
    names: Collection[str],
    installed: Mapping[str, frozenset[str]],
    offer: Offer = _NO_OFFER,
) -> list[Finding]:
    """Look at the file and its tags, then compile and render for some documents, spread over the plan.

    Args:
        blob: the .docx.
        shown: its path, for findings.
        filters: as for rendering.
        jobs: documents that are planned.
        names: of all candidates.
        installed: fonts of the system, by family; empty when it does not tell.
        offer: of the template's kind.
    """
    found = inspect(blob, shown)
    if any(one.code in UNREADABLE for one in found):
        return found
    found += lint(blob, shown)
    if any(one.code in REFUSED for one in found):
        return found
    shape = offer.shape or (shape_of(job.context for job in _spread(jobs, _EXAMPLES)) if jobs else None)
    try:
        template = offer.template or WordTemplate(blob, filters, shown, offer.pictures)
    except Trouble as trouble:
        if trouble.finding.code != "template.syntax":
            return [trouble.finding]
        found += list(_contract(WordTemplate(blob, filters, shown, strict=False), filters, shape, found))
        return _once(found if errors(found) else [*found, trouble.finding])
    found += list(_contract(template, filters, shape, found))
    found += _signing(template, offer)
    tried = [one for job in _spread(jobs, _SAMPLES) for one in template.render(job.context)[1]]
    found += [one for one in tried if not _is_told(one, found)]
    if shape and not errors(found):
        found += _unused(template, shape)
    return _once([*found, *missing_fonts(template, installed), *_names(template, names)])


def _spread(jobs: Sequence[Job], most: int) -> Sequence[Job]:
    return jobs[:: max(1, len(jobs) // most)]


def _once(found: Iterable[Finding]) -> list[Finding]:
    """One finding a place. What filters say names what they were given: the place is enough to tell them apart."""
    unique: dict[tuple[str, ...], Finding] = {}
    for one in found:
        place = [str(one.params.get(name, "")) for name in ("part", "paragraph", "tag", "name")]
        unique.setdefault((one.code, *(place if any(place) else [str(one.params)])), one)
    return list(unique.values())


def _contract(
    template: WordTemplate, filters: Filters, shape: Group | None, found: Sequence[Finding]
) -> Iterator[Finding]:
    """The tags of all parts against what the kind offers; `found` says better where tags cannot be understood."""
    drawing: Filters = dict.fromkeys(PICTURE_FILTERS, str)
    environment = make_environment({**filters, **drawing}, lambda _name, _known: None)
    known = {(one.params.get("part"), one.params.get("paragraph")) for one in errors(found)}
    # Braces that nothing closes swallow what follows them.
    swallowed = {one.params["part"] for one in found if one.params.get("problem") == OPEN}
    for part, source in template.sources():
        for one in check_fields(source, environment, shape):
            if one.code != "template.syntax" or ((part, excerpt(one.paragraph)) not in known and part not in swallowed):
                place = {"part": part, "paragraph": excerpt(one.paragraph, one.tag)}
                yield Finding(one.code, Cell(template.shown), {**place, **one.params})


def _signing(template: WordTemplate, offer: Offer) -> Iterator[Finding]:
    """Room for the page codes, and boxes for those who sign."""
    source = "\n".join(source for _, source in template.sources())
    if margins := narrow(source):
        yield finding("template.room", Cell(template.shown), **margins)
    if offer.signed and not any(name in source for name in SIGN_FILTERS):
        yield finding("template.unsigned", Cell(template.shown))


def _unused(template: WordTemplate, shape: Group) -> Iterator[Finding]:
    names = [one for one in never_used(shape, template.reads(shape)) if one not in _EVERYWHERE]
    if names:
        yield finding("template.unused", Cell(template.shown), fields=", ".join(names))


def _is_told(one: Finding, found: Sequence[Finding]) -> bool:
    """Whether a trial found what is known already, and said better, from looking at the file and its tags."""
    wrong = errors(found)
    if one.code == "render.check":
        return any(other.code in _STRUCTURE for other in wrong)
    if one.code in {"template.field", "template.syntax"}:
        name = str(one.params.get("tag", "?")).rpartition(".")[2]
        return any(
            other.params.get("part") == one.params["part"]
            and (
                other.params.get("paragraph") == one.params["paragraph"]
                or name in (str(other.params.get("tag")).rpartition(".")[2], other.params.get("field"))
            )
            for other in wrong
        )
    return False


def missing_fonts(template: WordTemplate, installed: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Fonts that a template names and the machine lacks; nothing where the machine does not tell."""
    for font in sorted(template.fonts() | {COMMON}) if installed else ():
        if font not in installed:
            yield finding("font.missing", Cell(template.shown), font=font)


def _names(template: WordTemplate, names: Collection[str]) -> Iterator[Finding]:
    """A template made from last year's paper still holds last year's candidate in one of five places."""
    words = set(_words(template.text()))
    for name in sorted(words & set(names)):
        if len(name) >= _SHORTEST_NAME:
            yield finding("template.name", Cell(template.shown), name=name)


def _words(text: str) -> Iterator[str]:
    """Words as they stand, without their particle, and joined where they are spaced (남 궁 한 결)."""
    for line in text.split("\n"):
        words = re.findall(r"[가-힣]+", line)
        for start, word in enumerate(words):
            yield word
            yield _PARTICLE.sub("", word)
            for end in range(start + 2, min(start + _LONGEST_SPACED, len(words)) + 1):
                yield "".join(words[start:end])
