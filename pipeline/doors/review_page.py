"""The review page: static HTML, offline, without a script; pictures lie beside it. Readable on paper, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Say = Callable[[str], str]
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; --ink: #1f2933; --grey: #5a6672; --line: #bfc7cf; --head: #2f5d62; }
* { box-sizing: border-box; }
body { font: 15px/1.6 "맑은 고딕", "NanumBarunGothic", "Noto Sans CJK KR", sans-serif; color: var(--ink);
  margin: 0 auto; max-width: 1100px; padding: 24px; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 36px 0 8px; border-bottom: 2px solid var(--head); }
p { margin: 4px 0; } .grey { color: var(--grey); font-size: 13px; }
h2 { break-after: avoid; } dl { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 12px 0; }
dl div { display: flex; gap: 8px; } dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
article { border: 1px solid var(--line); border-radius: 6px; padding: 12px 16px; margin: 12px 0; display: flex;
  gap: 20px; flex-wrap: wrap; break-inside: avoid; }
article > div { flex: 1 1 280px; } figure { margin: 0; flex: 0 1 auto; }
img { max-width: min(420px, 100%); max-height: 420px; border: 1px solid var(--line); display: block; }
.ask { font-weight: 600; } code { font-size: 13px; background: #f2f4f6; padding: 1px 5px; border-radius: 3px; }
q { background: #fff3c4; quotes: none; }
@media print {
  @page { size: A4; margin: 16mm; }
  body { padding: 0; max-width: none; font-size: 10.5pt; } img { max-width: 75mm; max-height: 75mm; }
  code { background: none; padding: 0; } q { text-decoration: underline; }
}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as the page shows it."""

    key: str
    ask: str
    file: str
    page: str
    where: str
    """Side and name of the box; ''."""
    words: str
    choices: tuple[str, ...]
    pictures: tuple[str, ...]
    """Files below the page's folder."""


def review_page(
    groups: Sequence[tuple[str, Sequence[Shown]]], states: Mapping[str, int], language: str, say: Say
) -> bytes:
    """The page.

    Args:
        groups: cases by document: heading, cases.
        states: how many sheets are in each state, in words.
        language: `ko` or `en`.
        say: gettext.
    """
    count = sum(len(cases) for _, cases in groups)
    title = say("Cases for people")
    parts = [
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(_told(count, say))}</p><p class='grey'>{escape(say('Pages that came back'))}</p><dl>",
    ]
    parts += [f"<div><dt>{escape(name)}</dt><dd>{number}</dd></div>" for name, number in states.items() if number]
    parts.append("</dl>")
    for heading, cases in groups:
        parts.append(f"<section><h2>{escape(heading)}</h2>")
        parts += [_article(one, say) for one in cases]
        parts.append("</section>")
    return "".join([*parts, "</main></body></html>\n"]).encode()


def _told(count: int, say: Say) -> str:
    if not count:
        return say("Nothing is left to decide.")
    told = say("{count} cases are open.").format(count=count)
    return f"{told} {say('Write decisions into review.xlsx beside this page, then run collect again.')}"


def _article(one: Shown, say: Say) -> str:
    pictures = "".join(
        f'<figure><a href="{name}"><img src="{name}" alt="{escape(one.ask)}" loading="lazy"></a></figure>'
        for name in map(escape, one.pictures)
    )
    lines = [f"<p class='ask'>{escape(one.ask)}</p>"]
    if one.where:
        lines.append(f"<p>{escape(say('Signature box'))}: {escape(one.where)}</p>")
    if one.words:
        lines.append(f"<p>{escape(say('Words'))}: <q>{escape(one.words)}</q></p>")
    lines.append(f"<p>{escape(say('Decision'))}: {escape(' · '.join(one.choices))}</p>")
    place = say("{file}, page {page}").format(file=one.file, page=one.page)
    lines.append(f"<p class='grey'>{escape(place)} · <code>{escape(one.key)}</code></p>")
    return f'<article id="{escape(one.key)}">{pictures}<div>{"".join(lines)}</div></article>'
