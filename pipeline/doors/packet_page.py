"""The page of a packet: static HTML that opens offline, without a script; links to the papers beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from pipeline.model.packets import Enclosed, Packet

_COUNT = ' class="count"'
_ENDINGS = {".pdf": "PDF", ".docx": "Word"}
Say = Callable[[str], str]
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; --ink: #1d3140; --grey: #5a6672; --line: #b4bbc0; --tint: #eef1f2; }
* { box-sizing: border-box; }
body { font: 16px/1.6 "맑은 고딕", "Apple SD Gothic Neo", "NanumBarunGothic", "Noto Sans CJK KR", sans-serif;
  color: #1f2933; margin: 0 auto; max-width: 1000px; padding: 24px 16px; word-break: keep-all;
  overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 1.35; margin: 0 0 8px; color: var(--ink); } p { margin: 4px 0 12px; }
ol { padding-left: 24px; } a { color: #1a5276; } .grey { color: var(--grey); font-size: 14px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: 16px 0; }
caption { text-align: left; font-weight: 600; padding: 8px 0; }
th, td { border-bottom: 1px solid var(--line); padding: 8px; text-align: left; vertical-align: top; }
thead th { white-space: nowrap; }
thead th { background: var(--tint); border-top: 2px solid var(--ink); } .count { text-align: right; }
th[scope=row] { font-weight: 600; white-space: nowrap; } td:last-child { white-space: nowrap; }
@media (min-width: 641px) { .count + :not(.count) { padding-left: 32px; } }
@media screen and (max-width: 640px) {
  /* A card for each paper. The head is out of sight, but read out with each cell. */
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: block; border-bottom: 1px solid var(--line); padding: 12px 0; }
  tbody tr:first-child { border-top: 2px solid var(--ink); }
  tbody th, tbody td { display: block; border: 0; padding: 2px 0; }
  tbody td.count, tbody .count + td { display: inline; padding: 0 16px 0 0; }
  td[data-head]::before { content: attr(data-head) " "; content: attr(data-head) " " / ""; color: var(--grey); }
  td a { display: inline-block; padding: 10px 0; }
}
@media print {
  @page { size: A4; margin: 16mm; }
  body { padding: 0; max-width: none; font-size: 10pt; line-height: 1.45; } h1 { font-size: 18pt; }
  th, td { padding: 4pt 6pt; } tr { break-inside: avoid; }
  thead { display: table-header-group; } thead th { border-bottom: 1pt solid var(--ink); }
}
"""


def packet_page(packet: Packet, campaign: str, letters: Sequence[str], until: str, language: str, say: Say) -> bytes:
    """The page.

    Args:
        packet: whose it is.
        campaign: its name.
        letters: paths of the cover letter in the packet.
        until: by when papers should be back, as it is printed; ''.
        language: `ko` or `en`.
        say: gettext.
    """
    title = say("Papers for {council}").format(council=packet.receiver.name)
    signed = sum(one.is_signed for one in packet.papers)
    told = say("{count} papers, of which {signed} are to be signed.").format(count=len(packet.papers), signed=signed)
    steps = (
        say("Print the PDF on both sides or one, in colour or black, at full size (100 %)."),
        say("Have it signed by hand in the boxes, in a dark colour; leave the codes in the corners free."),
        say("Scan all pages in colour at 200 to 300 dpi, as PDF or JPEG."),
        say("Send the scans as files by e-mail; messengers make pictures too small to read."),
    )
    counts = (say("Pages"), say("Copies"))
    rows = "".join(_row(one, counts, say) for one in packet.papers)
    heads = (say("Number"), say("Document"), *counts, say("Signature"), say("File"))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="grey">{escape(campaign)}</p>\n<h1>{escape(title)}</h1>\n<p>{told}'
        + (f" {escape(say('Please send them back by {date}.').format(date=until))}" if until else "")
        + f"</p>\n<p>{say('Cover letter and checklist')}: {_links(letters)}</p>\n"
        + "<ol>\n"
        + "".join(f"<li>{escape(step)}</li>\n" for step in steps)
        + f'</ol>\n<div class="scroll"><table role="table">\n<caption>{say("What is in this packet")}</caption>\n'
        + '<thead role="rowgroup"><tr role="row">'
        + "".join(
            f'<th scope="col" role="columnheader"{_COUNT if head in counts else ""}>{escape(head)}</th>'
            for head in heads
        )
        + f'</tr></thead>\n<tbody role="rowgroup">\n{rows}</tbody>\n</table></div>\n</main>\n</body>\n</html>\n'
    ).encode()


def _row(one: Enclosed, counts: tuple[str, str], say: Say) -> str:
    """A paper. Roles are said again: laid out as cards, some browsers forget that these are rows and cells."""
    numbers = "".join(
        f'<td role="cell"{_COUNT} data-head="{escape(head)}">{number}</td>'
        for head, number in zip(counts, (one.pages, one.copies), strict=True)
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(one.number)}</th><td role="cell">{escape(one.title)}'
        f'<br><span class="grey">{escape(one.who)}</span></td>{numbers}'
        f'<td role="cell">{say("to be signed") if one.is_signed else "–"}</td>'
        f'<td role="cell">{_links([one.file(ending) for ending in _ENDINGS])}</td></tr>\n'
    )


def _links(paths: Sequence[str]) -> str:
    words = ((path, _ENDINGS[PurePosixPath(path).suffix]) for path in paths)
    return " · ".join(f'<a href="{escape(quote(path))}">{word}</a>' for path, word in words)
