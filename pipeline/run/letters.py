"""Cover letters: rendered like papers, converted together, and read back before they are believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.doors import files, office
from pipeline.doors.scratch import scratch
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Context
from pipeline.model.errors import Trouble
from pipeline.model.findings import Finding, errors, finding
from pipeline.model.packets import Packet
from pipeline.run.album import Album

_AT_ONCE = 50
"""Letters of one conversion."""


class Letters:
    """The campaign's template of cover letters, and those rendered from it.

    Raises:
        Trouble: template.missing, or what is wrong with the template.
    """

    def __init__(self, folder: Path, campaign: Campaign) -> None:
        from pipeline.doors.word.template import WordTemplate
        from pipeline.korean.filters import FILTERS

        shown = f"templates/{campaign.packets.template}"
        blob = files.read(folder / shown, shown, "template.missing")
        self._template = WordTemplate(blob, FILTERS, shown, Album.of(folder).pictures)
        self._parts: dict[str, Mapping[str, bytes]] = {}

    def write(self, name: str, context: Context) -> bytes:
        """The Word file of a letter, kept under a name for `convert`.

        Raises:
            Trouble: a field that is missing, a picture that cannot be printed.
        """
        parts, findings = self._template.render(context)
        for one in errors(findings):
            raise Trouble(one)
        self._parts[name] = parts
        return self._template.pack(parts)

    def convert(self, packets: Sequence[Packet]) -> tuple[dict[str, bytes], list[Finding]]:
        """PDFs of the letters of some packets, by name; a letter that says something else than it should is none."""
        if not packets:
            return {}, []
        program = office.find_office()
        if not program or not office.is_new_enough(office.version(program)):
            return {}, [finding("packet.letter", count=len(packets), problem="LibreOffice is missing or too old")]
        made: dict[str, bytes] = {}
        problem = ""
        with scratch() as place:
            press = office.Office(program, place)
            for start in range(0, len(packets), _AT_ONCE):
                some = packets[start : start + _AT_ONCE]
                try:
                    made |= zip((one.name for one in some), self._converted(press, some), strict=True)
                except office.Failure as failure:
                    problem = str(failure)
        findings = [
            finding("packet.letter_wrong", council=one.receiver.name)
            for one in packets
            if one.name in made and not _says(made[one.name], one)
        ]
        wrong = {str(one.params["council"]) for one in findings}
        made = {one.name: made[one.name] for one in packets if one.name in made and one.receiver.name not in wrong}
        lost = len(packets) - len(made) - len(wrong)
        return made, [*findings, *([finding("packet.letter", count=lost, problem=problem)] if lost else [])]

    def _converted(self, press: office.Office, packets: Sequence[Packet]) -> list[bytes]:
        """One conversion for all where the template can be composed; else a file each.

        Raises:
            Failure: LibreOffice made no PDF that can be used.
        """
        from pipeline.doors import pdf
        from pipeline.doors.cutting import Cover
        from pipeline.doors.word.compose import compose, names, obstacle

        parts = [self._parts[one.name] for one in packets]
        size = sum(len(content) for one in parts for content in one.values())
        covers = [Cover(one.receiver.name) for one in packets]
        try:
            if not obstacle(self._template.static, parts[0]):
                (whole,) = press.convert([compose(self._template.static, parts)], len(parts), size)
                pieces = pdf.split(whole, list(names(len(parts))), lambda piece, _: covers[piece])
                return [b"".join(piece.pdf) for piece in pieces]
            blobs = press.convert([self._template.pack(one) for one in parts], len(parts), size)
            return [pdf.whole(blob, cover) for blob, cover in zip(blobs, covers, strict=True)]
        except office.Unusable as problem:
            raise office.Failure(str(problem)) from problem


def _says(blob: bytes, packet: Packet) -> bool:
    """Whether a letter's PDF names its council and each of its papers."""
    from pipeline.doors import pdf

    text = "".join(pdf.texts(blob))
    wanted = (packet.receiver.name, *(one.number for one in packet.papers))
    return all(pdf.squeeze(one) in text for one in wanted)
