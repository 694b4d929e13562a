"""Mails: what is in them, who gets them, and that nobody gets one twice, whatever happens on the way."""

from __future__ import annotations

import base64
import datetime
import os
import quopri
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import REPOSITORY, Folder, Result
from mail_server import PASSWORD, USER, Post, certificate, server
from packets import COUNCILS, delivered, issued, print_all
from verdict import here

from pipeline.model.errors import Trouble
from pipeline.model.findings import finding
from pipeline.model.packets import Errand
from pipeline.run import Options, deliver

HANBIT, NURI = COUNCILS
TO_HANBIT, TO_NURI = COUNCILS.values()
SETTINGS = f"""
[mail]
sender = "office@example.org"
reply_to = "answer@example.org"
server = "localhost"
user = "{USER}"
port = 1
"""
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is trusted, and the password known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("HYEOPYAK_SMTP_PASSWORD", PASSWORD)


@pytest.fixture
def ready(folder: Folder, trusted: None) -> Folder:
    """Two councils, and settings."""
    return issued(folder, settings=SETTINGS)


def settings(folder: Folder, post: Post, more: str = "") -> None:
    text = (folder.root / "inputs/campaign.toml").read_text("utf-8")
    text = re.sub(r"(?m)^port = \d+$", f"port = {post.port}", text)
    folder.write("inputs/campaign.toml", text + more)


def codes(result: Result) -> tuple[int, list[str]]:
    told = [one["code"] for one in result.json["findings"]]
    return result.code, [one for one in told if one.startswith("mail.") or one == "packet.handed"]


def send(folder: Folder, *arguments: str) -> tuple[int, list[str]]:
    return codes(here(folder, "deliver", "--json", *(arguments or ("--send",))))


# --- what a mail is -------------------------------------------------------------------------------------------------


def raw_headers(blob: bytes) -> dict[str, str]:
    """Headers of a part as they stand in the file, unfolded; the standard library has no part in it."""
    head = blob.partition(b"\r\n\r\n")[0]
    lines = re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")
    return {
        name.decode("ascii"): value.decode("ascii").strip() for name, _, value in (one.partition(b":") for one in lines)
    }


def words_of(value: str) -> str:
    """RFC 2047 by hand: blanks between two encoded words are none."""
    found = re.sub(r"(\?=)\s+(=\?)", r"\1\2", value)

    def word(match: re.Match[str]) -> str:
        charset, way, text = match.groups()
        blob = base64.b64decode(text) if way in "bB" else quopri.decodestring(text.replace("_", " "))
        return blob.decode(charset)

    return re.sub(r"=\?([^?]+)\?([bBqQ])\?([^?]*)\?=", word, found)


def file_name_of(value: str) -> str:
    """RFC 2231 by hand: one piece, or several in order."""
    pieces = re.findall(r"filename(?:\*(\d+))?\*=(?:utf-8'')?([^;\s]+)", value)
    return unquote("".join(text for _, text in sorted(pieces, key=lambda one: int(one[0] or 0))))


def test_a_draft_is_what_it_should_be(folder: Folder) -> None:
    name = "서울특별시 종로·중·용산 사회적경제 지역협의회연합 준비위원회 사무국"
    issued(folder, councils={name: "a@example.org, b@example.org"}, settings=SETTINGS)
    assert codes(here(folder, "deliver", "--drafts", "--json")) == (0, ["mail.drafts"])
    (path,) = (folder.root / "outputs/packets/mail").iterdir()
    blob = path.read_bytes()
    assert path.name == f"{name}.eml"
    assert b"\n" not in blob.replace(b"\r\n", b"")
    assert max(map(len, blob.split(b"\r\n"))) <= 998
    assert blob.isascii()
    wanted = f"[시험 협약] 2 papers for {name}"
    raw = raw_headers(blob)
    assert words_of(raw["Subject"]) == wanted
    assert words_of(raw["From"]) == "한빛사회적경제협의회 <office@example.org>"
    assert (raw["To"], raw["Reply-To"], raw["X-Unsent"]) == ("a@example.org, b@example.org", "answer@example.org", "1")
    assert raw["Date"] == "Sun, 20 May 2018 00:00:00 +0000"
    boundary = re.search(r'boundary="([^"]+)"', raw["Content-Type"])
    assert boundary
    attached = blob.split(f"--{boundary[1]}".encode())[2].lstrip(b"\r\n")
    assert file_name_of(raw_headers(attached)["Content-Disposition"]) == f"{name}.zip"
    archive = (folder.root / f"outputs/packets/{name}.zip").read_bytes()
    assert base64.b64decode(attached.partition(b"\r\n\r\n")[2]) == archive
    parsed = BytesParser(policy=default).parsebytes(blob)
    assert not parsed.defects
    assert parsed["Subject"] == wanted
    (part,) = parsed.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_content()) == (
        f"{name}.zip",
        "application/zip",
        archive,
    )
    body = parsed.get_body()
    assert body is not None
    assert name in body.get_content()


def test_drafts_stay_as_they_are(ready: Folder) -> None:
    send(ready, "--drafts")
    place = ready.root / "outputs/packets/mail"
    before = {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in place.iterdir()}
    assert set(before) == {f"{HANBIT}.eml", f"{NURI}.eml"}
    send(ready, "--drafts")
    assert {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in place.iterdir()} == before
    assert delivered(ready) == [], "a draft is no delivery"


def drafts(folder: Folder) -> set[str]:
    return {path.name for path in (folder.root / "outputs/packets/mail").iterdir()}


def remake(folder: Folder, pdfs: Mapping[str, bytes] = {}) -> None:
    folder.change("inputs/answers.csv", "2,1,수용,", "2,1,부분수용,예산 범위에서")
    assert here(folder, "make", "--jobs", "1").code == 3
    print_all(folder, pdfs)


def change_by_hand(folder: Folder) -> None:
    remake(folder)
    (folder.root / f"outputs/packets/mail/{NURI}.eml").write_text("by hand")


STAY: dict[str, tuple[Callable[[Folder], object], set[str]]] = {
    "nothing": (lambda _: None, {HANBIT, NURI}),
    "the ZIP was lost, and is the same again": (
        lambda it: (it.root / f"outputs/packets/{NURI}.zip").unlink(), {HANBIT, NURI},
    ),
    "a paper was made anew": (remake, {HANBIT}),
    "who gets a paper changed": (lambda it: it.change("inputs/regions.csv", f"2번구,{NURI}", "2번구,"), {HANBIT}),
    "another hand": (change_by_hand, {HANBIT, NURI}),
}  # fmt: skip


@pytest.mark.parametrize("case", STAY)
def test_a_draft_goes_with_the_packet_it_holds(case: str, ready: Folder) -> None:
    change, left = STAY[case]
    send(ready, "--drafts")
    change(ready)
    here(ready, "deliver")
    assert drafts(ready) == {f"{name}.eml" for name in left}


def test_a_draft_that_is_too_large_now_is_withdrawn(ready: Folder) -> None:
    send(ready, "--drafts")
    assert drafts(ready) == {f"{HANBIT}.eml", f"{NURI}.eml"}
    ready.change("inputs/campaign.toml", "[mail]", "[mail]\nmost_megabytes = 1")
    remake(ready, {"A-4110002-0001": bytes(1_500_000)})
    assert send(ready, "--drafts") == (1, ["mail.large", "mail.drafts"])
    assert drafts(ready) == {f"{HANBIT}.eml"}


def test_drafts_need_neither_server_nor_sender(folder: Folder) -> None:
    issued(folder, councils={HANBIT: ""})
    assert codes(here(folder, "deliver", "--drafts", "--json")) == (1, ["mail.address", "mail.drafts"])
    raw = raw_headers((folder.root / f"outputs/packets/mail/{HANBIT}.eml").read_bytes())
    assert not {"From", "To", "Reply-To"} & set(raw)


def test_names_of_several_lines_are_one_in_a_mail(folder: Folder) -> None:
    """A cell may have lines (Alt+Enter), a setting any sign; a header has one line."""
    issued(folder, councils={'"한빛\n협의회"': TO_HANBIT}, settings=SETTINGS)
    folder.change("inputs/campaign.toml", 'name = "시험 협약"', r'name = "시험\u2028협약"')
    folder.change("inputs/campaign.toml", 'name = "한빛사회적경제협의회"', r'name = "한빛\n사회적경제협의회"')
    assert send(folder, "--drafts") == (0, ["mail.drafts"])
    (name,) = drafts(folder)
    raw = raw_headers((folder.root / "outputs/packets/mail" / name).read_bytes())
    assert words_of(raw["Subject"]) == "[시험 협약] 2 papers for 한빛 협의회"
    assert words_of(raw["From"]) == "한빛 사회적경제협의회 <office@example.org>"


@pytest.mark.parametrize("key", ["sender", "reply_to"])
@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("me@example.org,", "me@example.org"),
        (" me@example.org ", "me@example.org"),
        ("담당자 <me@example.org>", ""),
        ("a@example.org, b@example.org", ""),
        ("a..b@example.org", ""),
        (",", ""),
    ],
)
def test_addresses_of_settings_are_what_is_left_of_them(key: str, value: str, header: str, ready: Folder) -> None:
    text = (ready.root / "inputs/campaign.toml").read_text("utf-8")
    ready.write("inputs/campaign.toml", re.sub(rf'(?m)^{key} = ".*"$', f'{key} = "{value}"', text))
    if not header:
        assert send(ready, "--drafts") == (2, ["mail.settings"])
        assert send(ready) == (2, ["mail.settings"])
        return
    assert send(ready, "--drafts") == (0, ["mail.drafts"])
    raw = raw_headers((ready.root / f"outputs/packets/mail/{NURI}.eml").read_bytes())
    assert raw["From" if key == "sender" else "Reply-To"].endswith(header if key == "reply_to" else f"<{header}>")


# --- sending --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_each_council_gets_its_packet_once(security: str, ready: Folder, pem: Path) -> None:
    with server(pem, Post(), tls=security == "tls") as post:
        settings(ready, post, f'security = "{security}"\n')
        assert send(ready) == (0, ["mail.sent"])
        assert sorted(post.receivers) == sorted(COUNCILS.values())
        assert send(ready) == (0, ["mail.already", "mail.sent"])
        assert len(post.mails) == 2
        assert post.logins == 1, "nobody logs in to send nothing"
    for receivers, blob in post.mails:
        parsed = BytesParser(policy=default).parsebytes(blob)
        assert (parsed["To"],) == receivers
        council = next(name for name, address in COUNCILS.items() if address == parsed["To"])
        (part,) = parsed.iter_attachments()
        assert part.get_filename() == f"{council}.zip"
        assert part.get_content() == (ready.root / f"outputs/packets/{council}.zip").read_bytes()
        assert "X-Unsent" not in parsed
    assert {(to, way) for to, _, _, way in delivered(ready)} == {(HANBIT, "mail"), (NURI, "mail")}
    assert len(delivered(ready)) == 3


CASES: dict[str, tuple[Post, str, dict[str, str], tuple[int, list[str]], list[str]]] = {
    "refused for good": (
        Post(refuse={TO_NURI: f"550 5.1.1 <{TO_NURI}> unknown"}), "", {}, (1, ["mail.refused", "mail.sent"]),
        [TO_HANBIT],
    ),
    "refused for now": (
        Post(refuse={TO_NURI: "451 4.7.1 try later"}), "", {}, (6, ["mail.postponed", "mail.sent"]), [TO_HANBIT],
    ),
    "refused when it was there": (Post(say="554 5.7.1 spam"), "", {}, (1, ["mail.refused"] * 2 + ["mail.sent"]), []),
    "a wrong password": (Post(), "", {"HYEOPYAK_SMTP_PASSWORD": "x"}, (2, ["mail.password"]), []),
    "a password in Korean": (Post(), "", {"HYEOPYAK_SMTP_PASSWORD": "비밀"}, (2, ["mail.password"]), []),
    "a certificate that nobody trusts": (Post(), "", {"SSL_CERT_FILE": os.devnull}, (1, ["mail.insecure"]), []),
    "one mail an hour": (Post(), "per_hour = 1\n", {}, (6, ["mail.limit", "mail.sent"]), [TO_NURI]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_can_go_wrong(case: str, ready: Folder, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    post, more, environment, verdict, received = CASES[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with server(pem, post):
        settings(ready, post, more)
        result = here(ready, "deliver", "--send", "--json")
    assert codes(result) == verdict
    assert post.receivers == received
    assert "example.org" not in result.out.replace(str(ready.root), ""), "addresses are not repeated"
    councils = {name for name, address in COUNCILS.items() if address in received}
    assert {to for to, *_ in delivered(ready)} == councils


def test_after_an_hour_the_limit_is_a_new_one(ready: Folder, pem: Path) -> None:
    def at(minute: int) -> list[str]:
        clock = datetime.datetime(2018, 5, 21, 9, tzinfo=datetime.UTC) + datetime.timedelta(minutes=minute)
        silent = (lambda *_: None, lambda *_: None)
        outcome = deliver(Options(ready.root), Errand(send=True), silent, str, lambda: PASSWORD, lambda: clock)
        return [one.code for one in outcome.findings if one.code.startswith("mail.")]

    with server(pem, Post()) as post:
        settings(ready, post, "per_hour = 1\n")
        assert at(0) == ["mail.limit", "mail.sent"]
        assert at(59) == ["mail.already", "mail.limit", "mail.sent"]
        assert len(post.mails) == 1
        assert at(61) == ["mail.already", "mail.sent"]
    assert sorted(post.receivers) == sorted(COUNCILS.values())


def test_who_was_refused_gets_it_the_next_time(ready: Folder, pem: Path) -> None:
    with server(pem, Post(refuse={TO_NURI: "451 later"})) as post:
        settings(ready, post)
        assert send(ready)[0] == 6
        post.refuse.clear()
        assert send(ready) == (0, ["mail.already", "mail.sent"])
    assert sorted(post.receivers) == sorted(COUNCILS.values())


def test_a_server_that_postpones_all_is_left_alone(folder: Folder, pem: Path, trusted: None) -> None:
    councils = {f"{n}협의회": f"c{n}@example.org" for n in range(5)}
    issued(folder, councils=councils, settings=SETTINGS)
    with server(pem, Post(say="451 busy")) as post:
        settings(folder, post)
        assert send(folder) == (6, ["mail.postponed"] * 3 + ["mail.stopped", "mail.sent"])


def test_a_mail_that_is_too_large(folder: Folder, pem: Path, trusted: None) -> None:
    issued(folder, settings=SETTINGS, pdfs={"A-4110001-0001": bytes(1_500_000)})
    with server(pem, Post(), largest=1_900_000) as post:
        settings(folder, post)
        assert send(folder) == (1, ["mail.large", "mail.sent"]), "more than the server takes"
        assert post.receivers == [TO_NURI]
        folder.change("inputs/campaign.toml", "[mail]", "[mail]\nmost_megabytes = 1")
        assert send(folder) == (1, ["mail.already", "mail.large", "mail.sent"]), "more than the settings allow"
        assert send(folder, "--drafts") == (1, ["mail.large", "mail.drafts"])


def test_a_server_without_encryption(ready: Folder, pem: Path) -> None:
    with server(pem, Post(), plain=True) as post:
        settings(ready, post)
        assert send(ready) == (1, ["mail.insecure"])
    assert (post.logins, post.mails) == (0, [])


def test_a_server_that_is_not_there(ready: Folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        post = Post(port=taken.getsockname()[1])
    settings(ready, post)
    assert send(ready) == (5, ["mail.unreachable"])


@pytest.mark.parametrize(
    ("old", "new", "arguments"),
    [
        ('sender = "office@example.org"', 'sender = "office"', ("--send",)),
        ('sender = "office@example.org"', 'sender = "office"', ("--drafts",)),
        ('server = "localhost"', "", ("--send",)),
        ('server = "localhost"', 'server = "smtp..example"', ("--send",)),
    ],
    ids=str,
)
def test_settings_that_are_missing(old: str, new: str, arguments: tuple[str, ...], ready: Folder) -> None:
    ready.change("inputs/campaign.toml", old, new)
    assert send(ready, *arguments) == (2, ["mail.settings"])


@pytest.mark.parametrize("address", ["nobody", "a@example.org, b@example.org", "나 <me@example.org>"])
def test_oneself_has_one_address(address: str, ready: Folder) -> None:
    result = here(ready, "deliver", "--test-to", address, "--json")
    assert codes(result) == (2, ["mail.test_address"])
    assert "campaign.toml" not in result.out


def test_a_comma_behind_an_address_is_no_part_of_it(ready: Folder, pem: Path) -> None:
    with server(pem, Post()) as post:
        settings(ready, post)
        assert send(ready, "--test-to", "me@example.org,") == (0, ["mail.tested"])
        assert post.receivers == ["me@example.org"] * 2


def test_nobody_says_that_nothing_was_sent_after_a_mail_was(
    ready: Folder, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that the server has forgotten when the connection broke and is made anew."""
    with server(pem, Post(drop=True)) as post:
        settings(ready, post)

        def changed(_: object) -> None:
            raise Trouble(finding("mail.password"))

        monkeypatch.setattr("pipeline.doors.mail.Post.renew", changed)
        result = here(ready, "deliver", "--send", "--json")
    assert codes(result) == (6, ["mail.unsure", "mail.password"])
    assert "othing was sent" not in result.out


def test_everything_to_oneself(ready: Folder, pem: Path) -> None:
    with server(pem, Post()) as post:
        settings(ready, post)
        for _ in range(2):
            assert send(ready, "--test-to", "me@example.org") == (0, ["mail.tested"])
        assert post.receivers == ["me@example.org"] * 4
        assert delivered(ready) == []
        assert send(ready) == (0, ["mail.sent"])
    ids = [BytesParser(policy=default).parsebytes(blob)["Message-ID"] for _, blob in post.mails]
    assert len(set(ids)) == 6, "a mailbox must not take the second test for the first"


def test_who_has_papers_by_hand_gets_no_mail(ready: Folder, pem: Path) -> None:
    send(ready, "--handed-over", "--only", HANBIT)
    with server(pem, Post()) as post:
        settings(ready, post)
        assert send(ready) == (0, ["mail.already", "mail.sent"])
        assert post.receivers == [TO_NURI]
        assert send(ready, "--send", "--again", HANBIT) == (0, ["mail.already", "mail.sent"])
        assert send(ready, "--send", "--again", "없는협의회") == (2, ["mail.unknown", "mail.already", "mail.sent"])
    assert post.receivers == [TO_NURI, TO_HANBIT]


def test_a_mail_that_may_have_arrived_is_not_sent_again(ready: Folder, pem: Path) -> None:
    with server(pem, Post(drop=True)) as post:
        settings(ready, post, "per_hour = 9\n")
        assert send(ready) == (6, ["mail.unsure", "mail.unsure", "mail.sent"])
        assert len(post.mails) == 2
        post.drop = False
        assert send(ready) == (6, ["mail.unsure", "mail.unsure", "mail.sent"])
        assert len(post.mails) == 2
        assert send(ready, "--handed-over", "--only", HANBIT)[0] == 0
        assert send(ready, "--send", "--again", NURI) == (0, ["mail.already", "mail.sent"])
        assert send(ready) == (0, ["mail.already", "mail.sent"])
    ids = [BytesParser(policy=default).parsebytes(blob)["Message-ID"] for _, blob in post.mails]
    assert len(post.mails) == 3
    assert Counter(ids).most_common(1)[0][1] == 2, "by its Message-ID the second copy can be known as one"


# --- a nation, interrupted twice ------------------------------------------------------------------------------------


@contextmanager
def narrow(port: int, stalled: threading.Event) -> Iterator[int]:
    """A way to a server on which nothing moves any more once a mail of more than a megabyte is on it."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)

    def pass_on(source: socket.socket, target: socket.socket, moved: list[int], *, up: bool) -> None:
        try:
            while blob := source.recv(8192):
                moved[0] = moved[0] + len(blob) if up else 0
                if moved[0] > 1_000_000:
                    stalled.set()
                    return
                target.sendall(blob)
        except OSError:
            pass

    def serve() -> None:
        moved = [0]
        client, _ = listening.accept()
        with client, socket.create_connection(("127.0.0.1", port)) as onward:
            back = threading.Thread(target=pass_on, args=(onward, client, moved), kwargs={"up": False}, daemon=True)
            back.start()
            pass_on(client, onward, moved, up=True)
            ended.wait(60)

    ended = threading.Event()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ended.set()
        listening.close()
        thread.join(10)


def started(folder: Folder) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "deliver", "--send", "--lang", "en", "--campaign", str(folder.root)]
    environment = {**os.environ, "HYEOPYAK_SOFFICE": "", "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", env=environment, cwd=folder.root
    )


def end(process: subprocess.Popen[str], how: signal.Signals) -> int:
    process.send_signal(how)
    try:
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    return process.returncode


@pytest.mark.slow
def test_ctrl_c_waits_for_the_servers_answer_but_not_for_long(ready: Folder, pem: Path) -> None:
    with server(pem, Post(hold_after=0)) as post:
        settings(ready, post)
        process = started(ready)
        assert post.holding.wait(60)
        threading.Timer(1, post.released.set).start()
        assert end(process, signal.SIGINT) == 130
        assert len(post.mails) == len({to for to, *_ in delivered(ready)}) == 1, "the answer came in time"
        post.hold_after = 1
        post.released.clear()
        process = started(ready)
        assert post.holding.wait(60)
        assert end(process, signal.SIGINT) == 130
        assert (len(post.mails), len({to for to, *_ in delivered(ready)})) == (2, 1)
        assert send(ready) == (6, ["mail.unsure", "mail.already", "mail.sent"])


@pytest.mark.slow
def test_226_councils_interrupted_twice_get_one_mail_each(folder: Folder, pem: Path, trusted: None) -> None:
    councils = {f"제{n:03d}지역협의회": f"council{n}@example.org" for n in range(1, 227)}
    large = {"A-4110080-0001": os.urandom(12_000_000)}
    issued(folder, councils=councils, settings=f"{SETTINGS}per_hour = 1000\n", pdfs=large)
    with server(pem, Post()) as post:
        # In the middle of the 80th, a large one: Ctrl-C.
        stalled = threading.Event()
        with narrow(post.port, stalled) as port:
            settings(folder, Post(port=port))
            first = started(folder)
            assert stalled.wait(60)
            assert end(first, signal.SIGINT) == 130
        assert len(post.mails) == 79
        assert len({to for to, *_ in delivered(folder)}) == 79
        # The 150th is with the server, who has not said so yet: kill -9.
        settings(folder, post)
        post.hold_after = 149
        second = started(folder)
        assert post.holding.wait(60)
        assert end(second, signal.SIGKILL) == -signal.SIGKILL
        post.released.set()
        # Nobody but the 150th is in doubt, and who is in doubt gets no second one.
        doubtful = next(name for name, address in councils.items() if (address,) == post.mails[149][0])
        third = here(folder, "deliver", "--send", "--json")
        assert codes(third) == (6, ["mail.unsure", "mail.already", "mail.sent"])
        assert [
            one["message"]
            for one in third.json["findings"]
            if one["code"] == "mail.unsure" and doubtful in one["message"]
        ]
        assert Counter(post.receivers) == Counter(councils.values())
        assert send(folder, "--handed-over", "--only", doubtful) == (0, ["packet.handed"])
        assert send(folder) == (0, ["mail.already", "mail.sent"])
    assert Counter(post.receivers) == Counter(councils.values())
    papers = Counter(to for to, *_ in delivered(folder))
    assert papers == Counter({name: 2 if name == "제001지역협의회" else 1 for name in councils})
