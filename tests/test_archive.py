"""Sign-off, archive, verification: what was done to an archive beside what is said of it."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
import json
import random
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tarfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import bound
import numpy as np
import pikepdf
import pytest
from bound import APPROVERS
from conftest import REPOSITORY, Folder
from once import copied, once
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from pipeline import run
from pipeline.doors import office, workers
from pipeline.doors.bag import Payload, Unfit, write_bag
from pipeline.doors.register import Register
from pipeline.doors.scans.simulated.writing import png_bytes
from pipeline.doors.seal import signing
from pipeline.doors.seal.credentials import Unusable, load, make_self_signed
from pipeline.doors.seal.detached import sign_detached
from pipeline.doors.verapdf import Conformance, validate
from pipeline.model.findings import errors
from pipeline.model.volumes import Edition
from pipeline.run.archiving import SEAL, SIGNER
from pipeline.run.verifying import verify
from pipeline.show import report

pytestmark = [pytest.mark.office, pytest.mark.slow]
PASSWORD = {"HYEOPYAK_SEAL_PASSWORD": "s3"}
REASON = "마감까지 돌아온 것으로 확정"
NOW = datetime.datetime.now(datetime.UTC)


def signoff(folder: Folder, area: str, who: str, *more: str) -> Any:
    return folder.run("signoff", area, "--by", who, "--json", *more, **PASSWORD)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Both approvers have sealed the nation's volume, and all is archived."""

    def build(root: Path) -> None:
        folder = copied(bound.ready(tmp_path_factory).root, root)
        assert folder.run("seal", "new", "--json", **PASSWORD).code == 0
        for who in APPROVERS:
            result = signoff(folder, "전국", who, "--accept-missing", REASON)
            assert result.code == 0, result.out
        result = folder.run("archive", "--json", **PASSWORD)
        assert (result.code, result.codes) == (0, {"archive.unsigned"})

    return copied(once(tmp_path_factory, "archived", build), tmp_path_factory.mktemp("archived") / "campaign")


def bag_of(folder: Folder) -> Path:
    return folder.root / "outputs/archive/TEST-2018-internal"


@pytest.fixture
def bag(campaign: Folder, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bag_of(campaign), tmp_path / "bag"))


def codes(path: Path, **how: Any) -> set[str]:
    return {one.code for one in verify(path, **how).findings if one.level != "note"}


# --- sign-off ----------------------------------------------------------------------------------------------------


def own(campaign: Folder, tmp_path: Path) -> Folder:
    return copied(campaign.root, tmp_path / "own")


def test_missing_papers_have_to_be_accepted_with_a_reason(campaign: Folder) -> None:
    result = signoff(campaign, "경기도", "진하율")
    assert (result.code, result.codes) == (6, {"signoff.missing"})
    assert not (campaign.root / "outputs/sealed/internal/경기도.pdf").exists()


@pytest.mark.parametrize(
    ("area", "who", "code", "found"),
    [
        ("경기도", "어해", 6, {"signoff.order"}),
        ("경기도", "누군가", 2, {"signoff.nobody"}),
        ("전국", "진하율", 2, {"signoff.twice"}),
        ("제주", "진하율", 2, {"signoff.nothing"}),
    ],
)
def test_who_may_not_sign(campaign: Folder, area: str, who: str, code: int, found: set[str]) -> None:
    result = signoff(campaign, area, who, "--accept-missing", REASON)
    assert (result.code, result.codes) == (code, found)


@pytest.mark.parametrize("people", ["", "people = []\n", 'people = ["누군가"]\n'])
def test_who_comes_after_all_have_approved(campaign: Folder, tmp_path: Path, people: str) -> None:
    """The volume was closed by two; since then fewer are named, or nobody."""
    folder = own(campaign, tmp_path)
    named = 'people = ["진하율", "어해"]\n'
    folder.change("inputs/campaign.toml", named, people)
    before = (folder.root / "outputs/sealed/internal/전국.pdf").read_bytes()
    result = signoff(folder, "전국", "누군가", "--accept-missing", REASON)
    assert (result.code, result.codes) == (2, {"signoff.closed"}), result.err
    assert (folder.root / "outputs/sealed/internal/전국.pdf").read_bytes() == before


def test_the_seal_is_written_down_and_pdf_a_stays(campaign: Folder) -> None:
    sealed = campaign.root / "outputs/sealed/internal/전국.pdf"
    volume = campaign.root / "outputs/volumes/internal/전국.pdf"
    assert sealed.read_bytes().startswith(volume.read_bytes()), "the volume itself is within"
    assert [one.conformance for one in validate([sealed], "3b")] == [Conformance.PASSED]
    with sqlite3.connect(campaign.root / "outputs/register.sqlite") as register:
        rows = register.execute("SELECT who, accepted, level FROM signoffs ORDER BY id").fetchall()
    assert rows == [(who, REASON, "B-B") for who in APPROVERS]


def test_the_password_is_asked_for_and_never_shown(campaign: Folder) -> None:
    for secret, found in (("wrong", "seal.password"), ("", "seal.password")):
        arguments = ("signoff", "경기도", "--by", "진하율", "--accept-missing", "x", "--json")
        result = campaign.run(*arguments, HYEOPYAK_SEAL_PASSWORD=secret)
        assert (result.code, result.codes - {"seal.self_signed"}) == (2, {found})
        assert "wrong" not in result.out + result.err
    assert "s3" not in (campaign.root / "outputs/register.sqlite").read_bytes().decode("latin-1").split()


def test_a_password_from_a_file(campaign: Folder, tmp_path: Path) -> None:
    folder, secret = own(campaign, tmp_path), tmp_path / "secret"
    secret.write_text("s3\n", encoding="utf-8")
    arguments = ("signoff", "경기도", "--by", "진하율", "--accept-missing", "x", "--json", "--password-file")
    assert folder.run(*arguments, str(secret)).code == 0
    arguments = ("signoff", "서울특별시", *arguments[2:])
    result = folder.run(*arguments, str(tmp_path / "none"))
    assert (result.code, result.codes) == (5, {"seal.no_file"})


def test_without_a_certificate(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    (folder.root / "inputs/seal.p12").write_bytes(b"no certificate")
    result = signoff(folder, "경기도", "진하율", "--accept-missing", REASON)
    assert (result.code, result.codes) == (2, {"seal.certificate"})
    (folder.root / "inputs/seal.p12").unlink()
    result = signoff(folder, "경기도", "진하율", "--accept-missing", REASON)
    assert (result.code, result.codes) == (5, {"seal.missing"})


def test_a_certificate_is_not_overwritten_and_needs_a_password(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    before = (folder.root / "inputs/seal.p12").read_bytes()
    result = folder.run("seal", "new", "--json", **PASSWORD)
    assert (result.code, result.codes) == (2, {"seal.exists"})
    assert (folder.root / "inputs/seal.p12").read_bytes() == before
    (folder.root / "inputs/seal.p12").unlink()
    result = folder.run("seal", "new", "--json", HYEOPYAK_SEAL_PASSWORD="")
    assert (result.code, result.codes) == (2, {"seal.no_password"})


def test_a_volume_that_was_changed_is_not_sealed(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    for name, found in (("volumes", "signoff.changed"), ("sealed", "signoff.sealed_changed")):
        area = "경기도" if name == "volumes" else "전국"
        path = folder.root / f"outputs/{name}/internal/{area}.pdf"
        path.write_bytes(path.read_bytes() + b"\n")
        result = signoff(folder, area, "진하율", "--accept-missing", REASON)
        assert found in result.codes


def test_a_volume_bound_anew_voids_its_approval(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    text = (folder.root / "inputs/campaign.toml").read_text(encoding="utf-8")
    folder.write("inputs/campaign.toml", text + '[volumes]\nunsigned = "list"\n')
    assert folder.run("compile", "--edition", "internal").code == 0
    result = signoff(folder, "전국", "어해", "--accept-missing", REASON)
    assert result.codes == {"signoff.order"}, "it begins again with the first"
    assert folder.run("archive", "--json", **PASSWORD).code == 0
    assert codes(bag_of(folder)) == set()
    assert not (bag_of(folder) / "data/sealed").exists()


# --- archive -----------------------------------------------------------------------------------------------------


def test_all_is_proven(campaign: Folder) -> None:
    outcome = verify(bag_of(campaign))
    assert [one for one in outcome.findings if one.level != "note"] == []
    said = {one.statement.name: one.strength.name for one in outcome.proofs}
    assert said == {
        "LIST": "PROVEN",
        "WHO": "CLAIMED",
        "WHEN": "CLAIMED",
        "FILES": "PROVEN",
        "VOLUMES": "PROVEN",
        "APPROVED": "PROVEN",
        "APPROVED_BY": "CLAIMED",
        "LOG": "PROVEN",
        "REGISTER": "PROVEN",
        "PAGES": "PROVEN",
    }
    (pages,) = [one for one in outcome.proofs if one.statement.name == "PAGES"]
    assert dict(pages.params)["count"] == 2 * (30 + 20)
    trusted = verify(bag_of(campaign), [campaign.root / "inputs/seal.crt.pem"])
    assert {one.statement.name: one.strength.name for one in trusted.proofs}["WHO"] == "PROVEN"


@pytest.mark.parametrize("year", [2029, 2040, 2050])
def test_years_later(campaign: Folder, year: int) -> None:
    outcome = verify(bag_of(campaign), clock=lambda: datetime.datetime(year, 1, 1, tzinfo=datetime.UTC))
    assert {one.strength.name for one in outcome.proofs} == {"PROVEN", "CLAIMED"}
    expired = {"verify.expired"} if year > NOW.year + 10 else set()
    assert {one.code for one in outcome.findings} == expired


def test_others_find_it_valid(campaign: Folder, tmp_path: Path) -> None:
    """bagit-python, sha256sum, openssl and pyHanko's own command: none of them knows us."""
    bag = bag_of(campaign)
    assert bagit.Bag(str(bag)).validate()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(["sha256sum", "--check", "--quiet", "--strict", manifest], cwd=bag, check=True)
    verified = subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", SEAL, "-content", "tagmanifest-sha256.txt",
         "-CAfile", SIGNER, "-purpose", "any", "-out", str(tmp_path / "out")],
        cwd=bag, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stderr
    seen = subprocess.run(
        [sys.executable, "-m", "pyhanko", "sign", "validate", "--trust", SIGNER, "--pretty-print",
         "data/sealed/internal/전국.pdf"],
        cwd=bag, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert seen.stdout.count("The signature is judged VALID.") == 2, seen.stdout + seen.stderr


def test_what_the_bag_holds(campaign: Folder) -> None:
    names = {path.relative_to(bag_of(campaign)).parts[:2] for path in bag_of(campaign).rglob("*") if path.is_file()}
    wanted = "volumes sealed papers originals inputs templates register events.jsonl findings.json pages.csv"
    assert {one[1] for one in names if one[0] == "data"} == {
        *wanted.split(),
        "volumes.csv",
        "signoffs.csv",
        "software.json",
    }
    text = [path.name for path in bag_of(campaign).rglob("*")]
    assert not [name for name in text if name.endswith((".p12", ".pem")) and name != SIGNER]
    assert "한 번에 모두 확인하려면" in (bag_of(campaign) / "README.ko.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_one_file_holds_the_same(campaign: Folder, tmp_path: Path, form: str) -> None:
    folder = own(campaign, tmp_path)
    assert folder.run("archive", "--form", form, "--json", **PASSWORD).code == 0
    file = folder.root / f"outputs/archive/TEST-2018-internal.{form}"
    assert codes(file) == set()
    cut = tmp_path / f"cut.{form}"
    cut.write_bytes(file.read_bytes()[:-70_000])
    assert codes(cut) & {"verify.unreadable", "verify.file"}
    longer = tmp_path / f"longer.{form}"
    longer.write_bytes(file.read_bytes() + b"more")
    assert "verify.file" in codes(longer)
    unpacked = tmp_path / "unpacked"
    shutil.unpack_archive(file, unpacked, form)
    (top,) = unpacked.iterdir()
    assert codes(top) == set()


def test_of_a_file_that_was_cut_off_what_is_left_is_examined(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    assert folder.run("archive", "--form", "tar", "--json", **PASSWORD).code == 0
    file = folder.root / "outputs/archive/TEST-2018-internal.tar"
    with tarfile.open(file) as archive:
        (nation,) = [one for one in archive if one.name.endswith("data/volumes/internal/전국.pdf")]
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes()[: nation.offset_data + nation.size // 2])
    assert {"verify.unsealed", "verify.file", "verify.volume"} <= codes(cut)
    (tmp_path / "none.tar").write_bytes(b"no archive")
    assert codes(tmp_path / "none.tar") == {"verify.unreadable"}


def test_the_public_bag_names_nobody_who_did_not_sign(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    assert folder.run("archive", "--edition", "public", "--json", **PASSWORD).code == 0
    bag = folder.root / "outputs/archive/TEST-2018-public"
    assert codes(bag) == set()
    assert {path.name for path in (bag / "data").iterdir()} == {
        "volumes", "volumes.csv", "events.jsonl", "signoffs.csv", "software.json"
    }  # fmt: skip
    blobs = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file() and path.suffix != ".pdf")
    for key, (_, _, _, name) in bound.PEOPLE.items():
        assert name.encode() not in blobs
        assert key not in json.dumps(
            [one for one in blobs.decode("utf-8", "replace").splitlines() if '"detail"' in one]
        )


def test_nothing_bound_is_not_archived(folder: Folder) -> None:
    result = folder.run("archive", "--json", **PASSWORD)
    assert (result.code, result.codes) == (2, {"archive.nothing"})


def test_a_volume_that_was_changed_is_not_archived(campaign: Folder, tmp_path: Path) -> None:
    folder = own(campaign, tmp_path)
    path = folder.root / "outputs/volumes/internal/경기도.pdf"
    path.write_bytes(path.read_bytes()[:-10])
    result = folder.run("archive", "--json", **PASSWORD)
    assert (result.code, "archive.changed" in result.codes) == (5, True)


def events(folder: Folder) -> list[str]:
    with Register(folder.root / "outputs", readonly=True) as register:
        return [one.what for one in register.events()]


@pytest.mark.parametrize(
    ("days", "authority", "found"),
    [(20 * 365, "", "seal.expired"), (0, "http://127.0.0.1:9/", "seal.timestamp")],
)
def test_what_cannot_be_sealed_is_no_archive(
    campaign: Folder, tmp_path: Path, days: int, authority: str, found: str
) -> None:
    """The certificate has expired, or nobody answers at the time stamp authority's address."""
    folder = own(campaign, tmp_path)
    if authority:
        folder.change("inputs/campaign.toml", "[signoff]\n", f'[signoff]\ntimestamp = "{authority}"\n')
    before = events(folder)
    assert before.count("archived") == 1
    when = NOW + datetime.timedelta(days)
    outcome = run.archive(run.Options(folder.root), run.Wish(password=lambda: b"s3"), lambda: when)
    assert [one.code for one in errors(outcome.findings)] == [found]
    assert all(report.message(one) for one in outcome.findings)
    assert events(folder) == before, "the log tells of no archive that is not there"
    assert codes(bag_of(folder)) == set(), "the last one stays whole"
    assert [one.name for one in bag_of(folder).parent.iterdir()] == [bag_of(folder).name]


# --- attacks -----------------------------------------------------------------------------------------------------


def flip(path: Path, place: int = -100) -> None:
    blob = bytearray(path.read_bytes())
    blob[place] ^= 1
    path.write_bytes(blob)


def one_of(bag: Path, pattern: str) -> Path:
    return min(bag.glob(pattern))


def volume(bag: Path) -> Path:
    return bag / "data/volumes/internal/전국.pdf"


def sealed(bag: Path) -> Path:
    return bag / "data/sealed/internal/전국.pdf"


def saved_again(bag: Path) -> None:
    with pikepdf.open(sealed(bag), allow_overwriting_input=True) as document:
        document.save(sealed(bag))


def updated(bag: Path) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed(bag).read_bytes()))
    writer.root["/Harmless"] = writer.root["/Type"]
    writer.update_root()
    buffer = io.BytesIO()
    writer.write(buffer)  # type: ignore[no-untyped-call]
    sealed(bag).write_bytes(buffer.getvalue())


def page_taken_out(bag: Path) -> None:
    with pikepdf.open(volume(bag), allow_overwriting_input=True) as document:
        del document.pages[9]
        document.save(volume(bag))


def scans_swapped(bag: Path) -> None:
    one, two, *_ = sorted((bag / "data/originals").iterdir())
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def register_row(bag: Path) -> None:
    with sqlite3.connect(bag / "data/register/register.sqlite") as register:
        register.execute("UPDATE decisions SET who = 'x'")
        register.execute("UPDATE editions SET pdf_sha256 = 'x' WHERE id = 1")


def event_removed(bag: Path) -> None:
    log = bag / "data/events.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:3] + lines[4:]), encoding="utf-8")


def replayed(bag: Path) -> None:
    """The nation's approval, for another volume."""
    table = bag / "data/signoffs.csv"
    lines = (bag / "data/volumes.csv").read_text(encoding="utf-8-sig").splitlines()
    (other,) = [line.split(",")[3] for line in lines if line.startswith("경기도,internal")]
    (nation,) = [line.split(",")[3] for line in lines if line.startswith("전국,internal")]
    table.write_text(table.read_text(encoding="utf-8").replace(nation, other), encoding="utf-8")


def column_renamed(table: str) -> Callable[[Path], None]:
    """One changed bit in the header."""

    def change(bag: Path) -> None:
        path = bag / "data" / table
        path.write_bytes(path.read_bytes().replace(b"sha256", b"sha257", 1))

    return change


def version_of_certificate(bag: Path) -> None:
    """To one that there is not."""
    der = bytearray(ssl.PEM_cert_to_DER_cert((bag / SIGNER).read_text(encoding="ascii")))
    der[der.index(b"\xa0\x03\x02\x01\x02") + 4] = 7
    (bag / SIGNER).write_text(ssl.DER_cert_to_PEM_cert(der), encoding="ascii")


def end_cut_off(bag: Path) -> None:
    """Of the last row all that comes behind its first field."""
    pages = bag / "data/pages.csv"
    lines = pages.read_text(encoding="utf-8").splitlines(keepends=True)
    pages.write_text("".join(lines[:-1]) + lines[-1].partition(",")[0], encoding="utf-8")


def number_emptied(bag: Path) -> None:
    pages = bag / "data/pages.csv"
    pages.write_text(pages.read_text(encoding="utf-8").rstrip("\n")[:-1], encoding="utf-8")


def end_of_line_within(bag: Path) -> None:
    """What csv refuses to read at all."""
    pages = bag / "data/pages.csv"
    pages.write_bytes(pages.read_bytes().replace(b"A-", b"A\r", 1))


def no_event(bag: Path) -> None:
    log = bag / "data/events.jsonl"
    log.write_text(log.read_text(encoding="utf-8") + "1\n", encoding="utf-8")


def renamed(bag: Path) -> None:
    volume(bag).rename(volume(bag).with_name("전국2.pdf"))


ATTACKS: dict[str, tuple[Callable[[Path], Any], set[str]]] = {
    "bit of a scan": (
        lambda bag: flip(one_of(bag, "data/originals/*")),
        {"verify.file", "verify.originals", "verify.page"},
    ),
    "bit of a volume": (lambda bag: flip(volume(bag), 20_000), {"verify.file", "verify.volume"}),
    "bit of a sealed volume": (lambda bag: flip(sealed(bag), 20_000), {"verify.file", "verify.sealed", "verify.seal"}),
    "bit of a paper": (lambda bag: flip(one_of(bag, "data/papers/**/*.pdf")), {"verify.file", "verify.page"}),
    "bit of a Word file": (lambda bag: flip(one_of(bag, "data/papers/**/*.docx")), {"verify.file"}),
    "bit of an input": (lambda bag: flip(bag / "data/inputs/candidates.csv", 10), {"verify.file"}),
    "bit of a manifest": (lambda bag: flip(bag / "manifest-sha256.txt", 3), {"verify.file"}),
    "bit of the seal": (lambda bag: flip(bag / SEAL, -20), {"verify.seal"}),
    "bit of the tag manifest": (lambda bag: flip(bag / "tagmanifest-sha256.txt", 3), {"verify.file", "verify.seal"}),
    "saved again": (saved_again, {"verify.file", "verify.sealed", "verify.seal"}),
    "incremental update": (updated, {"verify.file", "verify.sealed", "verify.seal"}),
    "tail cut off": (
        lambda bag: sealed(bag).write_bytes(sealed(bag).read_bytes()[:-4000]),
        {"verify.file", "verify.sealed", "verify.seal"},
    ),
    "bytes after the end": (
        lambda bag: sealed(bag).write_bytes(sealed(bag).read_bytes() + b"more"),
        {"verify.file", "verify.sealed"},
    ),
    "scans swapped": (scans_swapped, {"verify.file", "verify.page"}),
    "page taken out": (page_taken_out, {"verify.file", "verify.volume", "verify.page"}),
    "register row": (register_row, {"verify.file", "verify.register"}),
    "event removed": (event_removed, {"verify.file", "verify.events", "verify.register"}),
    "sign-off replayed": (replayed, {"verify.file", "verify.sealed"}),
    "tag manifest gone": (lambda bag: (bag / "tagmanifest-sha256.txt").unlink(), {"verify.file", "verify.seal"}),
    "seal gone": (lambda bag: (bag / SEAL).unlink(), {"verify.unsealed"}),
    "extra file": (lambda bag: (bag / "data/more.txt").write_text("x"), {"verify.file"}),
    "extra tag file": (lambda bag: (bag / "more.txt").write_text("x"), {"verify.file"}),
    "file gone": (
        lambda bag: one_of(bag, "data/originals/*").unlink(),
        {"verify.file", "verify.originals", "verify.page"},
    ),
    "renamed": (renamed, {"verify.file", "verify.volume"}),
    "bit of the certificate": (lambda bag: flip(bag / SIGNER, 40), {"verify.seal", "verify.signer"}),
    "version of the certificate": (version_of_certificate, {"verify.seal", "verify.signer"}),
    "certificate gone": (lambda bag: (bag / SIGNER).unlink(), {"verify.unsealed", "verify.signer"}),
    "column of the volumes": (column_renamed("volumes.csv"), {"verify.file", "verify.replayed"}),
    "column of the approvals": (column_renamed("signoffs.csv"), {"verify.file"}),
    "end of the pages": (end_cut_off, {"verify.file"}),
    "number of a page": (number_emptied, {"verify.file"}),
    "pages that are no table": (end_of_line_within, {"verify.file"}),
    "line that is no event": (no_event, {"verify.file", "verify.events", "verify.register"}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks(bag: Path, attack: str) -> None:
    change, wanted = ATTACKS[attack]
    change(bag)
    found = codes(bag)
    assert wanted <= found, found
    assert found <= {*wanted, "verify.page", "verify.file", "verify.sealed", "verify.register"}


DAMAGES = [
    column_renamed("volumes.csv"), column_renamed("signoffs.csv"), end_cut_off, number_emptied, end_of_line_within,
    no_event,
]  # fmt: skip


@pytest.mark.parametrize("change", DAMAGES)
def test_damage_takes_away_nothing_that_was_found(bag: Path, change: Callable[[Path], None]) -> None:
    """Neither what was found before, nor what is to be said after it."""
    flip(bag / "data/inputs/candidates.csv", 10)
    change(bag)
    outcome = verify(bag)
    found = {str(one.cell) for one in outcome.findings if one.code == "verify.file"}
    assert {"data/inputs/candidates.csv"} < found - {"bag-info.txt"}
    assert "PAGES" in {one.statement.name for one in outcome.proofs}


@pytest.mark.parametrize("name", ["seal.p12", "campaign.toml", "empty.pem"])
def test_what_is_no_certificate_cannot_be_trusted(campaign: Folder, tmp_path: Path, name: str) -> None:
    folder = own(campaign, tmp_path)
    folder.write("inputs/empty.pem", "")
    file = folder.root / "inputs" / name
    result = folder.run("verify", "--json", "--trust", str(file), "--trust", str(folder.root / "inputs/seal.crt.pem"))
    (found,) = result.json["findings"]
    assert (result.code, found["code"], found["file"]) == (2, "verify.trust", str(file))


def again(bag: Path, certificate: bytes, password: bytes) -> None:
    """Manifests and seal made anew over what is there, with some certificate."""
    credential = load(certificate, password)
    inner = [path for path in bag.rglob("*") if path.is_file() and path.relative_to(bag).parts[0] == "data"]
    payload = [Payload(path.relative_to(bag).as_posix(), path.read_bytes()) for path in inner]
    readme = {path.name: path.read_bytes() for path in bag.glob("README.*")}

    def sign(manifest: bytes) -> dict[str, bytes]:
        return {SEAL: sign_detached(manifest, credential, NOW), SIGNER: credential.certificate}

    shutil.rmtree(bag)
    write_bag(bag, payload, (), readme, sign)


def test_all_made_anew_by_somebody_else(campaign: Folder, bag: Path) -> None:
    """Of the same name, even: whoever knows the certificate sees it, and what was sealed before does not fit."""
    flip(bag / "data/inputs/candidates.csv", 10)
    again(bag, make_self_signed("한빛사회적경제협의회", "한빛사회적경제협의회", b"x", 10, NOW), b"x")
    assert codes(bag) == {"verify.signer"}, "the volumes were sealed by another"
    assert "verify.signer" in codes(bag, trusted=[campaign.root / "inputs/seal.crt.pem"])


@pytest.mark.parametrize("change", [register_row, event_removed, scans_swapped, page_taken_out, replayed, *DAMAGES])
def test_changed_and_made_anew_by_ourselves(campaign: Folder, bag: Path, change: Callable[[Path], None]) -> None:
    """What only the parts can tell of each other."""
    change(bag)
    again(bag, (campaign.root / "inputs/seal.p12").read_bytes(), b"s3")
    assert codes(bag)


def test_names_as_a_mac_writes_them(bag: Path) -> None:
    for path in sorted(bag.rglob("*"), key=lambda one: -len(one.parts)):
        path.rename(path.with_name(unicodedata.normalize("NFD", path.name)))
    assert codes(bag) == set()


def test_what_is_no_archive(tmp_path: Path, campaign: Folder) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    assert codes(tmp_path / "a.zip") & {"verify.unreadable", "verify.unsealed"}
    (tmp_path / "empty").mkdir()
    assert "verify.unsealed" in codes(tmp_path / "empty")
    folder = own(campaign, tmp_path)
    shutil.copytree(bag_of(folder), bag_of(folder).with_name("other"))
    assert codes(folder.root) == {"verify.which"}


def sealing_holds(folder: Folder) -> bool:
    """Every volume and every seal that the register knows of lies there as it is recorded."""
    outputs = folder.root / "outputs"
    with Register(outputs, readonly=True) as register:
        volumes = {one.file: one.sha256 for one in register.volumes()}
        last = {one.volume: one for one in register.signoffs()}
    wanted = volumes | {one.file: one.sha256 for one in last.values()}
    return wanted == {name: hashlib.sha256((outputs / name).read_bytes()).hexdigest() for name in wanted}


def test_a_signoff_ended_at_any_moment(campaign: Folder, tmp_path: Path) -> None:
    """What was bound and sealed stays whole; the next run seals what is left to be sealed."""
    folder = own(campaign, tmp_path)
    chance = random.Random(7)
    environment = {**__import__("os").environ, **PASSWORD}
    for area in ("경기도", "서울특별시"):
        for who in APPROVERS:
            more = ["--by", who, "--accept-missing", REASON, "--campaign", str(folder.root)]
            for _ in range(2):
                process = subprocess.Popen(
                    [sys.executable, "-m", "pipeline", "signoff", area, *more],
                    cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                time.sleep(chance.uniform(0.4, 1.8))
                process.send_signal(signal.SIGKILL)
                process.wait()
                assert sealing_holds(folder)
            assert signoff(folder, area, who, "--accept-missing", REASON).code in {0, 2}, "sealed now, or before"
    sealed_files = sorted(path.name for path in (folder.root / "outputs/sealed").rglob("*.pdf"))
    assert [unicodedata.normalize("NFC", name) for name in sealed_files if "of" not in name] == [
        "경기도.pdf", "서울특별시.pdf", "전국.pdf"
    ]  # fmt: skip
    assert sealing_holds(folder)


def test_ended_at_any_moment(campaign: Folder, tmp_path: Path) -> None:
    """The last archive stays whole, and the next run makes a new one."""
    folder = own(campaign, tmp_path)
    command = [sys.executable, "-m", "pipeline", "archive", "--campaign", str(folder.root)]
    chance = random.Random(6)
    environment = {**__import__("os").environ, **PASSWORD}
    whole = 0
    for _ in range(5):
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = [
            one for one in (bag_of(folder), bag_of(folder).with_name(f".{bag_of(folder).name}.old")) if one.exists()
        ]
        assert found
        whole += bag_of(folder).exists()
        assert bagit.Bag(str(found[0])).is_valid()
    assert whole > 3
    assert folder.run("archive", **PASSWORD).code == 0
    assert codes(bag_of(folder)) == set()
    assert [one.name for one in bag_of(folder).parent.iterdir()] == [bag_of(folder).name]


# --- what goes wrong on the way ----------------------------------------------------------------------------------


def approve(folder: Folder) -> run.Outcome:
    approval = run.Approval("진하율", REASON, password=lambda: b"s3")
    return run.sign_off(run.Options(folder.root, "경기도"), approval, (Edition.INTERNAL,), str)


@pytest.fixture
def fresh(campaign: Folder, tmp_path: Path) -> Folder:
    return own(campaign, tmp_path)


TROUBLES = {
    "seal.revoked": {},
    "seal.font": {"file": "x.ttf"},
    "seal.failed": {},
    "seal.timestamp": {"problem": "unreachable"},
    "seal.expired": {"not_before": NOW, "not_after": NOW},
}


@pytest.mark.parametrize("code", TROUBLES)
def test_what_the_seal_door_refuses_is_told_and_nothing_is_sealed(
    fresh: Folder, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Unusable(code, **TROUBLES[code])

    monkeypatch.setattr("pipeline.doors.seal.signing.seal", refuse)
    outcome = approve(fresh)
    assert [one.code for one in errors(outcome.findings)] == [code]
    assert all(report.message(one) for one in outcome.findings)
    assert not (fresh.root / "outputs/sealed/internal/경기도.pdf").exists()


def test_a_seal_that_the_second_process_does_not_believe(fresh: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", lambda *_: iter([(None, [False])]))
    outcome = approve(fresh)
    assert {one.code for one in outcome.findings} == {"seal.self_signed", "seal.untimed", "seal.unproved"}
    assert not list((fresh.root / "outputs/sealed").rglob("*경기*"))


def test_a_seal_without_all_its_proofs(fresh: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = signing.seal
    monkeypatch.setattr(signing, "seal", lambda *a, **k: dataclasses.replace(honest(*a, **k), shortfall="validation"))
    assert "seal.short" in {one.code for one in approve(fresh).findings}


@pytest.mark.parametrize("code", ["bag.name", "bag.info", "bag.changing", "bag.occupied", "bag.unsound"])
def test_what_the_bag_door_refuses_is_told(fresh: Folder, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def refuse(*_: object) -> None:
        raise Unfit(code, name="x", label="x", problem="missing")

    monkeypatch.setattr("pipeline.doors.bag.write_bag", refuse)
    outcome = run.archive(run.Options(fresh.root), run.Wish(password=lambda: b"s3"))
    assert [one.code for one in errors(outcome.findings)] == [code]
    assert all(report.message(one) for one in outcome.findings)


def test_an_approval_of_a_volume_that_is_not_there(bag: Path) -> None:
    table = bag / "data/signoffs.csv"
    text = table.read_text(encoding="utf-8")
    digest = text.splitlines()[1].split(",")[0]
    table.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    assert {"verify.replayed", "verify.file"} <= codes(bag)


def test_covers_that_cannot_be_made(fresh: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise office.Failure("no PDF came out")

    monkeypatch.setattr(office.Office, "convert", fail)
    outcome = run.compile_(run.Options(fresh.root), lambda *_: None, str)
    assert [one.code for one in errors(outcome.findings)] == ["volume.cover"]


def test_a_worker_that_is_lost(fresh: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fresh.outputs()
    monkeypatch.setattr(workers, "run", lambda _, tasks, *__: ((task, workers.LOST) for task in tasks))
    outcome = run.compile_(run.Options(fresh.root), lambda *_: None, str)
    assert {one.code for one in errors(outcome.findings)} == {"volume.lost"}
    assert fresh.outputs() == before


def test_open_cases_are_told(fresh: Folder) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (1600, 1200), np.uint8)
    fresh.write("inputs/signed/모름.png", png_bytes(noise))
    assert fresh.run("collect").code == 6
    outcome = run.compile_(run.Options(fresh.root, "경기도"), lambda *_: None, str, (Edition.PUBLIC,))
    assert "volume.cases" in {one.code for one in outcome.findings}


# --- what is due -------------------------------------------------------------------------------------------------


def later(path: Path, folder: Folder, day: str) -> run.Outcome:
    at = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return run.purge(path, str(folder.root / "inputs/seal.p12"), lambda: b"s3", lambda: at)


def test_personal_data_go_when_their_time_is_up_and_the_rest_is_proven(fresh: Folder) -> None:
    text = (fresh.root / "inputs/campaign.toml").read_text(encoding="utf-8")
    fresh.write("inputs/campaign.toml", text + "[archive]\nkeep_until = 2027-06-30\n")
    fresh.write("inputs/pictures/100%.png", b"a name that manifests spell in another way")
    assert fresh.run("archive", "--json", **PASSWORD).code == 0
    bag = bag_of(fresh)
    before = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    assert {one.code for one in later(bag, fresh, "2027-06-30").findings} == {"purge.nothing"}
    assert {one.code for one in later(bag, fresh, "2027-07-01").findings} == {"purge.done"}
    after = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    gone = {name.split("/")[1] for name in before - after}
    assert gone == {"originals", "inputs", "register", "papers"}
    assert after - before == {"data/purged.csv"}
    assert codes(bag) == set()
    assert bagit.Bag(str(bag)).validate()
    said = {one.statement.name: one.strength.name for one in verify(bag).proofs}
    assert (said["FILES"], said["VOLUMES"], said["APPROVED"], said["LOG"]) == ("PROVEN",) * 4
    assert said["PURGED"] == "CLAIMED"
    assert {one.code for one in later(bag, fresh, "2028-01-01").findings} == {"purge.nothing"}


def test_a_purged_archive_that_cannot_be_sealed_stays_as_it_was(fresh: Folder) -> None:
    text = (fresh.root / "inputs/campaign.toml").read_text(encoding="utf-8")
    fresh.write("inputs/campaign.toml", text + "[archive]\nkeep_until = 2027-06-30\n")
    assert fresh.run("archive", "--json", **PASSWORD).code == 0
    bag = bag_of(fresh)
    before = {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    outcome = later(bag, fresh, f"{NOW.year + 20}-01-01")
    assert {one.code for one in outcome.findings} == {"seal.expired"}
    assert all(report.message(one) for one in outcome.findings)
    assert {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()} == before


def test_an_archive_that_does_not_hold_is_not_purged(bag: Path, campaign: Folder) -> None:
    flip(volume(bag), 20_000)
    assert "purge.broken" in {one.code for one in later(bag, campaign, "2050-01-01").findings}
    (bag.parent / "a.zip").write_bytes(b"")
    assert {one.code for one in later(bag.parent / "a.zip", campaign, "2050-01-01").findings} == {"purge.form"}


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_where_no_time_was_set_nothing_is_due(fresh: Folder, edition: str) -> None:
    assert fresh.run("archive", "--edition", edition, "--json", **PASSWORD).code == 0
    bag = bag_of(fresh).with_name(f"TEST-2018-{edition}")
    outcome = later(bag, fresh, "2099-01-01")
    assert {one.code for one in outcome.findings} == {"purge.nothing"}
