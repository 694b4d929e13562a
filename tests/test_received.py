"""What councils have and may have received: a doubt overwrites nothing, sends nothing twice, records nothing wrong."""

from __future__ import annotations

from email.parser import BytesParser

import pytest
from conftest import Folder
from packets import COUNCILS, delivered, issued, print_all
from verdict import here

from pipeline.doors.register import Register
from pipeline.model.deliveries import UNKNOWN, Delivery, Doubt, Mailing, MailState, Revision
from pipeline.model.packets import Enclosed, Packet, Receiver
from pipeline.steps.received import Received

HANBIT, NURI = COUNCILS
THIRD = "A-4110002-0001"
AT = "2018-05-20T01:00:00+00:00"
SETTINGS = '\n[mail]\nsender = "office@example.org"\n'
A1, A2, B1, C1 = ("A", 1), ("A", 2), ("B", 1), ("C", 1)
SENDING, ACCEPTED, REFUSED = MailState.SENDING, MailState.ACCEPTED, MailState.REFUSED
Step = tuple[MailState, str, tuple[Revision, ...]]


def packet(*papers: Revision) -> Packet:
    own = tuple(Enclosed(number, revision, "", "", "", 1, 1, is_signed=True, files={}) for number, revision in papers)
    return Packet(Receiver(HANBIT), HANBIT, own, AT)


def received(has: tuple[Revision, ...], mails: tuple[Step, ...], lost: tuple[Revision, ...] = ()) -> Received:
    deliveries = [Delivery(*one, to, "", AT) for to, own in ((HANBIT, has), (UNKNOWN, lost)) for one in own]
    return Received(deliveries, [Mailing(HANBIT, state, message, papers, AT) for state, message, papers in mails])


IN_DOUBT = (SENDING, "1", (A1, B1))
CASES: dict[str, tuple[Received, Packet, Doubt | None, tuple[Revision, ...]]] = {
    "nothing was sent": (received((), ()), packet(A1), None, (A1,)),
    "in doubt": (received((), (IN_DOUBT,)), packet(A1, B1), Doubt.MAIL, (A1, B1)),
    "a part of what is in doubt": (received((), (IN_DOUBT,)), packet(A1), Doubt.MAIL, (A1, B1)),
    "new content is no second copy": (received((), (IN_DOUBT,)), packet(A2, B1), None, (A1, B1)),
    "a further paper, too": (received((), (IN_DOUBT,)), packet(A1, B1, C1), None, (A1, B1)),
    "what they have for sure does not matter": (received((C1,), (IN_DOUBT,)), packet(A1, C1), Doubt.MAIL, (A1, B1)),
    "refused": (received((), (IN_DOUBT, (REFUSED, "1", (A1, B1)))), packet(A1, B1), None, (A1, B1)),
    "sent again and refused": (
        received((), (IN_DOUBT, IN_DOUBT, (REFUSED, "1", (A1, B1)))), packet(A1, B1), None, (A1, B1),
    ),
    "a later one was refused": (
        received((), (IN_DOUBT, (SENDING, "2", (A2,)), (REFUSED, "2", (A2,)))), packet(A2), None, (A1, B1),
    ),
    "a later one is in doubt": (
        received((), (IN_DOUBT, (SENDING, "2", (A2,)))), packet(A2), Doubt.MAIL, (A2,),
    ),
    "a later one arrived": (
        received((A2,), (IN_DOUBT, (SENDING, "2", (A2,)), (ACCEPTED, "2", (A2,)))), packet(A2, C1), None, (C1,),
    ),
    "somebody said that it arrived": (received((A1, B1), (IN_DOUBT,)), packet(A2, B1), None, (A2,)),
    "somebody said so of a later one": (
        received((A2,), (IN_DOUBT, (SENDING, "2", (A2,)))), packet(A2, C1), None, (C1,),
    ),
    "the register was rebuilt": (received((), (), (A1,)), packet(A1, C1), Doubt.REGISTER, (A1, C1)),
    "rebuilt, revised since": (received((), (), (A1,)), packet(A2), None, (A2,)),
    "rebuilt, recorded since": (received((A1,), (), (A1,)), packet(A1, C1), None, (C1,)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_council_may_have(case: str) -> None:
    known, today, doubt, arrived = CASES[case]
    assert (known.doubt(today), known.arrived(today)) == (doubt, frozenset(arrived))


def codes(folder: Folder, *arguments: str) -> list[str]:
    found = here(folder, "deliver", "--json", *arguments).json["findings"]
    return [one["code"] for one in found if one["code"] != "packet.letter"]


def on_its_way(folder: Folder, *more: MailState) -> None:
    """The mail of one council was given to a server, and the run killed; `more`: what came after."""
    with Register(folder.root / "outputs") as register:
        for state in (SENDING, *more):
            register.record_mailing(Mailing(NURI, state, "<1@example.org>", ((THIRD, 1),), AT))


def revise(folder: Folder) -> None:
    folder.change("inputs/answers.csv", "2,1,수용,", "2,1,부분수용,예산 범위에서")
    assert here(folder, "make", "--jobs", "1").code == 3
    print_all(folder, {})


def revision(folder: Folder) -> int:
    with Register(folder.root / "outputs", readonly=True) as register:
        return next(one.revision for one in register.issued().values() if one.number == THIRD)


def message_id(folder: Folder) -> str:
    assert "mail.drafts" in codes(folder, "--drafts")
    blob = (folder.root / f"outputs/packets/mail/{NURI}.eml").read_bytes()
    return str(BytesParser().parsebytes(blob)["Message-ID"])


def test_a_paper_in_a_mail_that_may_have_arrived_is_not_overwritten(folder: Folder) -> None:
    issued(folder, settings=SETTINGS)
    first = message_id(folder)
    before = {path: path.read_bytes() for path in (folder.root / "outputs/agreements").rglob(f"{THIRD}*")}
    on_its_way(folder)
    revise(folder)
    assert revision(folder) == 2
    assert {path: path.read_bytes() for path in before} == before
    assert message_id(folder) != first, "another text must not be taken for a second copy"


@pytest.mark.parametrize(("more", "wanted"), [((REFUSED,), 1), ((SENDING, REFUSED), 2), ((ACCEPTED,), 2)], ids=str)
def test_what_a_server_refused_has_not_gone_out(more: tuple[MailState, ...], wanted: int, folder: Folder) -> None:
    issued(folder)
    on_its_way(folder, *more)
    revise(folder)
    assert revision(folder) == wanted


def test_settling_a_doubt_records_what_the_mail_carried(folder: Folder) -> None:
    issued(folder)
    on_its_way(folder)
    revise(folder)
    assert codes(folder, "--handed-over", "--only", NURI) == ["packet.handed", "mail.settled"]
    assert delivered(folder) == [(NURI, THIRD, 1, "packet")]
    assert codes(folder, "--handed-over", "--only", NURI) == ["packet.handed"]
    assert delivered(folder) == [(NURI, THIRD, 1, "packet"), (NURI, THIRD, 2, "packet")]


@pytest.mark.slow
def test_after_the_register_was_rebuilt_nobody_gets_a_second_mail(folder: Folder) -> None:
    issued(folder, settings=f'{SETTINGS}server = "localhost"\nport = 1\n')
    codes(folder, "--handed-over")
    for path in (folder.root / "outputs").glob("register.sqlite*"):
        path.unlink()
    here(folder, "doctor", "--repair")
    print_all(folder, {})
    result = here(folder, "deliver", "--send", "--json")
    told = [one for one in result.json["findings"] if one["code"].startswith("mail.")]
    assert (result.code, [one["code"] for one in told]) == (6, ["mail.unsure"] * 2 + ["mail.sent"])
    assert "rebuilt" in told[0]["message"]
    assert codes(folder, "--handed-over", "--only", HANBIT) == ["packet.handed"]
    assert codes(folder, "--send") == ["mail.unsure", "mail.already", "mail.sent"]
