"""Packets: which papers go to which council, under what names, and what the letter to each says.

Enters: planned jobs, what the register knows of them, councils. Leaves: packets, findings. Touches no file.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from pipeline.korean.dates import day_of
from pipeline.model.campaign import Campaign
from pipeline.model.documents import Context, Issued, Job, Reason
from pipeline.model.findings import Finding, finding
from pipeline.model.packets import Enclosed, Packet, Receiver

WORD, PDF = "Word", "PDF"
"""Folders of a packet."""
LETTER, INDEX = "안내문", "index.html"
_LONGEST = 60
"""Signs of a packet's name; of a paper's in it, twice as many. Windows takes 260 for the whole path."""
_BYTES = 200
"""Of either, UTF-8: file systems take 255, and endings and temporary names need some."""
_AS_ISSUED = frozenset({Reason.CURRENT, Reason.CONVERTER})
"""The files are those that were issued, and say what they should."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{{2,}}")
FileName = Callable[[str], str]


def packets(
    jobs: Iterable[Job],
    issued: Mapping[tuple[str, str], Issued],
    issued_at: Mapping[str, str],
    receivers: Mapping[str, Receiver],
    campaign: Campaign,
    file_name: FileName,
) -> tuple[list[Packet], list[Finding]]:
    """A packet for each council whose papers are all as they were issued, and of the others what is.

    Args:
        jobs: planned documents, in the order of papers.
        issued: latest records, by kind and subject's key.
        issued_at: when each number was issued.
        receivers: councils, by name; one that papers name and this does not is nobody's address.
        campaign: its settings.
        file_name: makes text safe as a file name.
    """
    kinds = campaign.packets.kinds or tuple(campaign.kinds)
    findings: list[Finding] = []
    papers: dict[str, list[Enclosed]] = defaultdict(list)
    nobody = 0
    for job in (one for one in jobs if one.kind in kinds):
        council = str(job.context.get("지역", {}).get("협의회", ""))
        record = issued.get((job.kind, job.key))
        if not council:
            nobody += 1
        elif record is None or job.reason not in _AS_ISSUED:
            findings.append(finding("packet.stale", subject=job.number, council=council, problem=job.reason.value))
        else:
            papers[council].append(_enclosed(job, record, campaign, file_name))
    if nobody:
        findings.append(finding("packet.nobody", count=nobody))
    names = safe_names(papers, file_name)
    found = [
        Packet(
            receivers.get(council, Receiver(council)),
            names[council],
            tuple(own),
            max(issued_at[one.number] for one in own),
        )
        for council, own in sorted(papers.items())
    ]
    return found, findings


def _enclosed(job: Job, record: Issued, campaign: Campaign, file_name: FileName) -> Enclosed:
    about = job.context["문서"]
    stem = PurePosixPath(record.pdf).stem
    # Numbers are never given twice, so no two papers of a packet share a name.
    stem = stem if job.number in _cut(stem, 2 * _LONGEST) else f"{job.number}_{stem}"
    stem = file_name(_cut(stem, 2 * _LONGEST))
    return Enclosed(
        job.number,
        record.revision,
        str(about["제목"]),
        job.subject,
        job.place,
        record.pages,
        int(about["부수"]),
        bool(campaign.kinds[job.kind].signers),
        {
            f"{PDF}/{stem}.pdf": (record.pdf, record.pdf_sha256),
            f"{WORD}/{stem}.docx": (record.docx, record.docx_sha256),
        },
    )


def safe_names(names: Iterable[str], file_name: FileName) -> dict[str, str]:
    """Each name as one for a folder, different from all others on systems that tell no capitals, too."""
    taken: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        taken[_short(name, file_name).casefold()].append(name)
    found = {}
    for own in taken.values():
        for name in own:
            # Which of two that look alike comes first must not decide what it is called.
            mark = f"-{hashlib.sha256(name.encode()).hexdigest()[:6]}" if len(own) > 1 else ""
            found[name] = _short(name, file_name) + mark
    return found


def _short(name: str, file_name: FileName) -> str:
    if name != _cut(name, _LONGEST):
        name = f"{_cut(name, _LONGEST - 7)}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return file_name(name)


def _cut(name: str, signs: int) -> str:
    """As much of a name as its file can bear."""
    return name[:signs].encode()[:_BYTES].decode(errors="ignore")


def letter(packet: Packet, campaign: Campaign, same: Context, *, encrypted: bool) -> Context:
    """What the template of cover letters sees: 캠페인, 선거, 용어, 단체, 단체들, 협의회, 꾸러미.

    Args:
        packet: whose letter it is.
        campaign: its settings.
        same: what every document sees.
        encrypted: whether the ZIP needs a passphrase.
    """
    receiver, papers = packet.receiver, packet.papers
    sorts: dict[str, list[Enclosed]] = defaultdict(list)
    for one in papers:
        sorts[one.title].append(one)
    until = campaign.packets.deadline
    return {
        **same,
        "협의회": {"이름": receiver.name, "직함": receiver.title, "대표": receiver.representative},
        "꾸러미": {
            "건수": len(papers),
            "쪽수": sum(one.pages for one in papers),
            "서명건수": sum(one.is_signed for one in papers),
            "인쇄쪽수": sum(one.pages * one.copies for one in papers),
            "기한": until.isoformat() if until else "",
            "회신": campaign.packets.answer_to,
            "기준일": day_of(packet.made_at).isoformat(),
            "잠금": encrypted,
            "종류": [{"제목": title, **_counts(own)} for title, own in sorts.items()],
            "목록": [_listed(one) for one in papers],
        },
    }


def _counts(papers: Sequence[Enclosed]) -> dict[str, object]:
    return {
        "건수": len(papers),
        "쪽수": sum(one.pages for one in papers),
        "부수": papers[0].copies,
        "서명": papers[0].is_signed,
    }


def _listed(one: Enclosed) -> dict[str, object]:
    return {
        "번호": one.number,
        "판": one.revision,
        "제목": one.title,
        "대상": one.who,
        "지역": one.place,
        "쪽": one.pages,
        "부수": one.copies,
        "서명": one.is_signed,
    }


def addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses of a cell; none at all where a part of it is none."""
    parts = [one for one in re.split(r"[,;\s]+", text) if one]
    return tuple(parts) if all(_ADDRESS.fullmatch(one) for one in parts) else ()
