"""A new campaign: a folder with templates, settings to fill in, and empty workbooks."""

from __future__ import annotations

import datetime
import functools
import re
import tomllib
import types
import typing
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pipeline
from pipeline.doors import files
from pipeline.model.campaign import Campaign
from pipeline.model.choices import Choice, squeeze
from pipeline.model.findings import Cell, finding
from pipeline.model.records import MODELS, Record
from pipeline.run.outcome import Clock, Outcome, now
from pipeline.steps.read_campaign import BLANK, BLANK_DATE, CAMPAIGN_FILE

if typing.TYPE_CHECKING:
    from pipeline.doors.books.new_books import NewColumn, NewSheet

_PACKAGE = Path(pipeline.__file__).parent
_STARTER = _PACKAGE / "starter"
_COLOURS = ("2F5D62", "31497A", "6B4E71", "8A5A2B", "3F6B46", "7A3B3B", "4A5568")
_NO_ID = re.compile(r"[^A-Z0-9.-]+")
_LONGEST_ID = 16
_SECTION = re.compile(r"\[\[?([\w.-]+)\]\]?")
_ENTRY = re.compile(r'(?P<entry>"?(?P<key>[\w-]+)"? = )(?P<value>"[^"]*"|\S+)(?P<rest>.*)')
# In Hangul at their end: a particle can be chosen, so nothing else is told of them than that they are blank.
_OWN = {
    ("campaign", "name"): " 정책협약",
    ("campaign", "place"): " 강당",
    ("election", "name"): " 선거",
    ("organisations", "name"): " 협의회",
    ("organisations", "title"): " 직함",
    ("organisations", "representative"): " 이름",
}
"""What each campaign has of its own, and what stands behind the blank."""
_LATER = {
    ("packets", "deadline"), ("packets", "answer_to"),
    ("mail", "sender"), ("mail", "reply_to"), ("mail", "server"), ("mail", "user"),
}  # fmt: skip
"""What papers do without: left blank as a comment."""
_SAMPLE_ONLY = "# 이 폴더의 사람"
"""Opens the one comment of the sample's settings that is true of the sample only."""
_NOTE = "* 표시가 있는 열은 반드시 있어야 합니다. 제목 칸에 마우스를 올리면 적는 법이 보입니다."
_WRONG_CHOICE = "목록에 없는 값입니다."
_GITIGNORE = """\
# 만든 문서와 발급대장. 자료(inputs)에도 개인정보가 있으니 아무나 볼 수 있는 저장소에는 올리지 마세요.
outputs/
*.p12
*.tmp
~$*
.~lock.*
"""


@dataclass(frozen=True, slots=True)
class _Help:
    """A line of `columns.tsv`."""

    header: str
    width: float
    text: str


def begin(folder: Path, clock: Clock = now) -> Outcome:
    """`hyeopyak init`: make the folder of a new campaign; all of it, or nothing.

    Raises:
        Trouble: output.unwritable, output.full.
    """
    if (folder / CAMPAIGN_FILE).exists():
        return Outcome((finding("init.exists", Cell(str(folder))),))
    wanted = new_campaign(campaign_id(folder.resolve().name, clock().year))
    for name, blob in wanted.items():
        # What an interrupted run has left is no obstacle.
        if (folder / name).exists() and not files.holds(folder / name, blob):
            return Outcome((finding("init.taken", Cell(str(folder / name))),))
    files.publish_all(folder, wanted)
    return Outcome(files=tuple(wanted))


def campaign_id(name: str, year: int) -> str:
    """The name of a folder as a campaign's id; where it has no Latin letter or digit, one with the year."""
    plain = unicodedata.normalize("NFKD", name).upper()
    return _NO_ID.sub("-", plain).strip("-.")[:_LONGEST_ID].rstrip("-.") or f"CAMPAIGN-{year}"


def new_campaign(name: str) -> dict[str, bytes]:
    """All files of a new campaign, by path; `campaign.toml`, which makes a folder a campaign, is the last."""
    from pipeline.doors.books.new_books import new_book

    settings = blank_settings(_shipped(CAMPAIGN_FILE).read_text(encoding="utf-8"), name)
    campaign = Campaign.model_validate(tomllib.loads(settings))
    sheets = _sheets(campaign)
    made = {f"templates/{one}": _shipped(f"templates/{one}").read_bytes() for one in _templates(campaign)}
    made |= {f"inputs/{file}": new_book(pages, _WRONG_CHOICE) for file, pages in sheets.items()}
    made["inputs/README.md"] = _readme(sheets).encode()
    made[".gitignore"] = _GITIGNORE.encode()
    made[CAMPAIGN_FILE] = settings.encode()
    return made


def _shipped(name: str) -> Path:
    """A file of the sample campaign: in an installed package below `starter`, in the repository beside the package."""
    packed = _STARTER / name
    return packed if packed.exists() else _PACKAGE.parent / name


def sample_files() -> dict[str, bytes]:
    """All files of the sample campaign, by path; none where they are not there, or are somebody's own by now."""
    settings = _shipped(CAMPAIGN_FILE)
    if not settings.is_file() or _SAMPLE_ONLY not in settings.read_text(encoding="utf-8"):
        return {}
    inputs, templates = settings.parent, _shipped("templates")
    found = [*inputs.glob("*.xlsx"), *inputs.glob("pictures/*.png"), settings]
    made = {f"templates/{path.name}": path.read_bytes() for path in sorted(templates.glob("*.docx"))}
    return made | {f"inputs/{path.relative_to(inputs).as_posix()}": path.read_bytes() for path in sorted(found)}


def _templates(campaign: Campaign) -> list[str]:
    others = (campaign.volumes.template, campaign.packets.template)
    return sorted({*(kind.template for kind in campaign.kinds.values()), *others})


def blank_settings(sample: str, name: str) -> str:
    """The sample's `campaign.toml`, comments and all, without what is the sample's own."""
    lines: list[str] = []
    section = ""
    for line in sample.splitlines():
        if heading := _SECTION.match(line):
            section = heading[1]
        if line.startswith(_SAMPLE_ONLY):
            # The empty comment above it goes with it.
            lines.pop()
            continue
        entry = _ENTRY.fullmatch(line)
        lines.append(_blank(section, entry, name) if entry else line)
    return "\n".join(lines) + "\n"


def _blank(section: str, entry: re.Match[str], name: str) -> str:
    """An entry with a placeholder for what every campaign has of its own."""
    key, value = entry["key"], entry["value"]
    if section == "organisations" and key in {"logo", "seal"}:
        return f"# {entry[0]}"
    if (section, key) == ("campaign", "id"):
        value = f'"{name}"'
    elif (section, key) == ("signoff", "people"):
        value = "[]"
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip('"')):
        value = value.replace(value.strip('"'), BLANK_DATE.isoformat())
    elif (section, key) in _LATER:
        value = BLANK_DATE.isoformat() if key == "deadline" else f'"{BLANK}"'
        return f"# {entry['entry']}{value}{entry['rest']}"
    elif (section, key) in _OWN or (section == "terms" and re.search(r"\d|@", value)):
        value = f'"{BLANK}{_OWN.get((section, key), "")}"'
    rest = entry["rest"].lstrip()
    # Comments stay below each other.
    width = _wide(entry["value"]) + len(entry["rest"]) - len(rest) - _wide(value)
    return entry["entry"] + value + (" " * max(1, width) + rest if rest else "")


def _wide(text: str) -> int:
    """Columns of an editor: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _sheets(campaign: Campaign) -> dict[str, list[NewSheet]]:
    """The sheets of each workbook that `[tables]` names, in its order."""
    from pipeline.doors.books.new_books import NewSheet

    books: dict[str, list[NewSheet]] = defaultdict(list)
    colours: dict[str, str] = {}
    for table, model in MODELS.items():
        for source in getattr(campaign.tables, table):
            file, _, sheet = source.partition("#")
            colour = colours.setdefault(file, _COLOURS[len(colours) % len(_COLOURS)])
            columns = tuple(_column(model, one) for one in _helps()[sheet])
            books[file].append(NewSheet(sheet, _NOTE, columns, colour))
    return books


@functools.cache
def _helps() -> Mapping[str, Sequence[_Help]]:
    """What `columns.tsv` says, by sheet."""
    found: dict[str, list[_Help]] = defaultdict(list)
    text = (_STARTER / "columns.tsv").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        sheet, header, width, told = line.split("\t")
        found[sheet].append(_Help(header, float(width), told))
    return found


def _column(model: type[Record], one: _Help) -> NewColumn:
    """A column as its record has it; one that no field has is for people."""
    from pipeline.doors.books.new_books import NewColumn

    key = squeeze(one.header)
    known = {name: (mark.name, *mark.aliases) for name, mark in model.headers().items()}
    name = next((name for name, titles in known.items() if key in map(squeeze, titles)), "")
    if not name:
        return NewColumn(one.header, one.width, one.text)
    field = model.model_fields[name]
    kinds = list(_kinds(field.annotation))
    choices = [member.value for kind in kinds if issubclass(kind, Choice) for member in kind if member.value]
    needed = "꼭 적습니다. " if field.is_required() else ""
    others = [title for title in known[name] if squeeze(title) != key]
    told = f"{needed}{one.text}"
    if choices:
        told += f"\n적을 수 있는 값: {', '.join(choices)}"
    if others:
        told += f"\n이런 제목도 알아봅니다: {', '.join(others)}"
    return NewColumn(one.header, one.width, told, name in model.required, tuple(choices), _sort(kinds))


def _kinds(annotation: object) -> Iterator[type]:
    """The types of a field, without what may stand around them."""
    if isinstance(annotation, types.UnionType):
        for one in typing.get_args(annotation):
            yield from _kinds(one)
    elif isinstance(annotation, type):
        yield annotation


def _sort(kinds: Sequence[type]) -> typing.Any:
    from pipeline.doors.books.new_books import Sort

    sorts = {datetime.date: Sort.DATE, datetime.time: Sort.TIME, int: Sort.WHOLE}
    return next((sorts[kind] for kind in kinds if kind in sorts), Sort.TEXT)


def _readme(sheets: Mapping[str, Sequence[NewSheet]]) -> str:
    rows = [
        f"| `{file}` | {page.name} | {column.header}{' *' if column.required else ''} | {told} |"
        for file, pages in sheets.items()
        for page in pages
        for column in page.columns
        for told in [column.help.partition("\n")[0]]
    ]
    return (
        (_STARTER / "README.md")
        .read_text(encoding="utf-8")
        .format(blank=BLANK, date=BLANK_DATE.isoformat(), rows="\n".join(rows))
    )
