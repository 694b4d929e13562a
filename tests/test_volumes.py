"""Volumes of what came back: what lies in inputs/signed beside what is bound of it."""

from __future__ import annotations

import hashlib
import io
import resource
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import bound
import pikepdf
import pypdfium2
import pytest
from bound import DIGITAL, HALF, LOST, PEOPLE, PHOTOGRAPHED, SCANNED, TURNED
from conftest import Folder
from once import copied

from pipeline.doors import pdfa
from pipeline.doors.register import Register
from pipeline.doors.verapdf import Conformance, validate
from pipeline.model.volumes import Binding, Edition
from pipeline.run import Options
from pipeline.run.compiling import compile_

pytestmark = [pytest.mark.office, pytest.mark.slow]
NAMES = {key: person[3] for key, person in PEOPLE.items()}


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return bound.ready(tmp_path_factory)


def bindings(folder: Folder) -> dict[tuple[str, str], Binding]:
    with Register(folder.root / "outputs", readonly=True) as register:
        return {(one.edition.value, one.area): one for one in register.volumes()}


def path(folder: Folder, edition: str, area: str) -> Path:
    return folder.root / f"outputs/volumes/{edition}/{area}.pdf"


def texts(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as document:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def test_what_came_back_is_bound_and_what_did_not_is_marked(campaign: Folder) -> None:
    volumes = bindings(campaign)
    assert sorted(volumes) == [
        (edition, area) for edition in ("internal", "public") for area in ("경기도", "서울특별시", "전국")
    ]  # fmt: skip
    pages = {(one["key"], one["paper_page"]): one["basis"] for one in volumes["internal", "전국"].sources}
    assert len(pages) == 30
    for key in (SCANNED, PHOTOGRAPHED, DIGITAL, TURNED, HALF):
        assert {pages[key, number] for number in range(1, 6)} == {"returned"}
    assert {pages[LOST, number] for number in range(1, 6)} == {"issued"}
    public = {one["key"]: one["basis"] for one in volumes["public", "전국"].sources}
    assert public == dict.fromkeys((SCANNED, PHOTOGRAPHED, DIGITAL, TURNED), "confirmed")


def test_regions_add_up_to_the_nation(campaign: Folder) -> None:
    volumes = bindings(campaign)
    for edition in ("internal", "public"):
        own = [one for (of, area), one in volumes.items() if of == edition and area != "전국"]
        papers = [{**page, "page": 0} for one in own for page in one.sources]
        whole = [{**page, "page": 0} for page in volumes[edition, "전국"].sources]
        assert Counter(map(repr, papers)) == Counter(map(repr, whole))
        for one in (*own, volumes[edition, "전국"]):
            assert one.pages == len(texts(campaign.root / "outputs" / one.file))


def test_pages_are_numbered_labelled_linked_and_marked(campaign: Folder) -> None:
    file = path(campaign, "internal", "전국")
    sources = bindings(campaign)["internal", "전국"].sources
    with pikepdf.open(file) as document, pypdfium2.PdfDocument(file) as shown:
        front = int(document.Root.PageLabels.Nums[2])
        total = len(document.pages) - front
        assert [shown.get_page_label(n) for n in (0, front - 1, front, front + 1)] == ["i", "iii", "1", "2"]
        for number in (1, 17, total):
            assert f"전국{number}/{total}" in "".join(texts(file)[front + number - 1])
        titles = [one.get_title() for one in shown.get_toc()]
        assert titles[:2] == ["Where papers stand", "Contents"]
        assert [one for one in titles if one in {"서울특별시", "경기도"}] == ["서울특별시", "경기도"]
        people = [one for one in shown.get_toc() if any(one.get_title().startswith(name) for name in NAMES.values())]
        assert [one.get_title().split()[0] for one in people] == [NAMES[key] for key in order(sources)]
        first = {one["key"]: one["page"] for one in reversed(sources)}
        assert [one.get_dest().get_index() - front + 1 for one in people] == [first[key] for key in order(sources)]
        links = [link for page in document.pages for link in page.obj.get("/Annots", [])]
        assert len(links) == 6 + 2 + 6, "contents, what is missing and index"
        places = {page.objgen: n for n, page in enumerate(document.pages)}
        assert all(places[link.Dest[0].objgen] >= front for link in links)


def order(sources: Any) -> list[str]:
    return list(dict.fromkeys(one["key"] for one in sources))


def test_a_sheet_scanned_upside_down_is_turned(campaign: Folder) -> None:
    sources = bindings(campaign)["internal", "전국"].sources
    with pikepdf.open(path(campaign, "internal", "전국")) as document:
        front = int(document.Root.PageLabels.Nums[2])
        turns = {one["key"]: document.pages[front + one["page"] - 1].obj.get("/Rotate", 0) for one in sources}
    assert (turns[TURNED], turns[SCANNED]) == (180, 0)


def test_what_is_missing_is_listed_inside_and_nobody_named_outside(campaign: Folder) -> None:
    inside, outside = ("".join(texts(path(campaign, edition, "전국"))) for edition in ("internal", "public"))
    missing = inside[inside.rindex("Whatismissing") :]
    assert NAMES[LOST] in missing
    assert "pages1,2,3,4,5" in missing
    assert f"signatures:후보자{NAMES[HALF]}" in missing
    for key in (LOST, HALF):
        assert NAMES[key] in inside
        assert NAMES[key] not in outside
    assert inside.count("Pageasissued;ithasnotcomebacksigned") == 5
    assert outside.count("Signatureconfirmed") == 2 * 4


def test_the_public_edition_shows_no_handwriting(campaign: Folder) -> None:
    returned = {one["sha256"] for one in bindings(campaign)["internal", "전국"].sources if one["basis"] == "returned"}
    assert returned
    assert not returned & {one["sha256"] for one in bindings(campaign)["public", "전국"].sources}
    with pikepdf.open(path(campaign, "public", "전국")) as document:
        assert not [
            one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/DCTDecode"
        ]


def test_scans_are_bound_as_they_are(campaign: Folder) -> None:
    """JPEG data are never encoded again."""

    def pictures(document: pikepdf.Pdf) -> Counter[str]:
        found = [
            one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/DCTDecode"
        ]
        return Counter(hashlib.sha256(one.read_raw_bytes()).hexdigest() for one in found)

    with pikepdf.open(campaign.root / "inputs/signed/묶음.pdf") as batch:
        came = pictures(batch)
    came.update(
        hashlib.sha256(one.read_bytes()).hexdigest() for one in (campaign.root / "inputs/signed/사진").iterdir()
    )
    with pikepdf.open(path(campaign, "internal", "전국")) as document:
        assert pictures(document) == came


def test_a_digitally_signed_file_is_attached_untouched(campaign: Folder) -> None:
    with pikepdf.open(path(campaign, "internal", "경기도")) as document:
        (attached,) = document.attachments.values()
        assert attached.get_file().read_bytes() == (campaign.root / "inputs/signed/전자서명.pdf").read_bytes()
    with pikepdf.open(path(campaign, "internal", "서울특별시")) as document:
        assert not document.attachments


def test_every_volume_is_pdf_a(campaign: Folder) -> None:
    files = sorted((campaign.root / "outputs/volumes").glob("*/*.pdf"))
    attached = [one for one in files if one.stem != "서울특별시" and one.parent.name == "internal"]
    plain = [one for one in files if one not in attached]
    assert {one.conformance for one in validate(plain, "2b")} == {Conformance.PASSED}
    assert {one.conformance for one in validate(attached, "3b")} == {Conformance.PASSED}


def test_again_gives_the_same_bytes(campaign: Folder) -> None:
    before = campaign.outputs()
    assert campaign.run("compile", "--jobs", "1").code == 0
    assert campaign.outputs() == before


def test_fonts_are_there_once(campaign: Folder) -> None:
    with pikepdf.open(path(campaign, "internal", "전국")) as document:
        streams = [one.read_raw_bytes() for one in document.objects if isinstance(one, pikepdf.Stream)]
    large = [hashlib.sha256(one).digest() for one in streams if len(one) > 2000]
    assert len(large) == len(set(large))


@pytest.fixture
def own(campaign: Folder, tmp_path: Path) -> Folder:
    return copied(campaign.root, tmp_path / "campaign")


def test_papers_that_did_not_come_back_may_only_be_listed(own: Folder) -> None:
    text = (own.root / "inputs/campaign.toml").read_text(encoding="utf-8")
    own.write("inputs/campaign.toml", text + '[volumes]\nunsigned = "list"\n')
    assert own.run("compile", "--edition", "internal").code == 0
    assert LOST not in {one["key"] for one in bindings(own)["internal", "전국"].sources}
    assert NAMES[LOST] in "".join(texts(path(own, "internal", "전국")))


def test_a_source_that_was_changed_ends_no_volume_and_harms_none(own: Folder) -> None:
    (kept,) = [one for one in (own.root / "outputs/originals").iterdir() if one.read_bytes()[:4] == b"%PDF" and
               one.stat().st_size > 1_000_000]  # fmt: skip
    kept.write_bytes(kept.read_bytes() + b"\n")
    before = own.outputs()
    result = own.run("compile", "--json")
    assert (result.code, result.codes) == (5, {"volume.source"})
    after = own.outputs()
    assert {name: blob for name, blob in after.items() if "internal" in name} == {
        name: blob for name, blob in before.items() if "internal" in name
    }
    assert not list((own.root / "outputs/volumes").rglob(".*"))


def test_without_libreoffice_nothing_is_bound(own: Folder) -> None:
    result = own.no_office("compile", "--json")
    assert (result.code, result.codes) == (3, {"office.missing"})


def test_nothing_issued(folder: Folder) -> None:
    result = folder.run("compile", "--json")
    assert (result.code, result.codes) == (2, {"return.unissued"})


def test_a_page_of_a_stranger_becomes_a_picture_where_pdf_a_forbids_it(own: Folder) -> None:
    """A scan whose program wrote a caption in a font that it did not embed."""
    batch = own.root / "inputs/signed/묶음.pdf"
    with pikepdf.open(batch) as document:
        for page in document.pages:
            font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
            page.obj.Resources.Font = pikepdf.Dictionary(F=font)
            page.contents_add(b"BT /F 8 Tf 300 20 Td (copier) Tj ET")
        buffer = io.BytesIO()
        document.save(buffer)
    shutil.rmtree(own.root / "outputs")
    assert own.run("make").code == 0
    batch.write_bytes(buffer.getvalue())
    own.run("collect")
    assert own.run("compile", "--edition", "internal", "--only", "서울특별시").code == 0
    (verdict,) = validate([path(own, "internal", "서울특별시")])
    assert verdict.conformance is Conformance.PASSED


def test_a_returned_file_with_a_password_is_bound_and_the_password_kept_nowhere(own: Folder) -> None:
    batch, buffer, secret = own.root / "inputs/signed/묶음.pdf", io.BytesIO(), "key-2018"
    with pikepdf.open(batch) as document:
        document.save(buffer, encryption=pikepdf.Encryption(user=secret, owner="owner"))
    shutil.rmtree(own.root / "outputs")
    assert own.run("make").code == 0
    batch.write_bytes(buffer.getvalue())
    assert "original.encrypted" in own.run("collect", "--json").codes
    passwords = own.write("inputs/signed/passwords.txt", f"another\n{secret}\n")
    assert "original.encrypted" not in own.run("collect", "--json").codes
    binding = ("compile", "--edition", "internal", "--only", "서울특별시", "--json")
    result = own.run(*binding)
    assert (result.code, result.codes) == (0, set())
    sources = bindings(own)["internal", "서울특별시"].sources
    assert {one["basis"] for one in sources if one["key"] == SCANNED} == {"returned"}
    kept = [one for one in (own.root / "outputs").rglob("*") if one.is_file()]
    assert not [one for one in kept if secret.encode() in one.read_bytes()]
    bound_before = path(own, "internal", "서울특별시").read_bytes()
    passwords.unlink()
    result = own.run(*binding)
    assert (result.code, result.codes) == (1, {"original.encrypted"})
    assert path(own, "internal", "서울특별시").read_bytes() == bound_before


def test_a_file_in_place_of_the_folder_of_volumes(own: Folder) -> None:
    shutil.rmtree(own.root / "outputs/volumes")
    own.write("outputs/volumes", "a file")
    result = own.run("compile", "--edition", "internal", "--json")
    assert (result.code, result.codes) == (5, {"output.unwritable"})
    assert {one["file"] for one in result.json["findings"]} == {"outputs/volumes/internal/서울특별시.pdf"}


def test_a_disk_that_is_full_while_a_volume_is_written(own: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real error of the kernel (EFBIG), through pikepdf."""
    before, save = own.outputs(), pdfa.save

    def save_without_room(document: pikepdf.Pdf, target: BinaryIO) -> None:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
        try:
            save(document, target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(pdfa, "save", save_without_room)
    outcome = compile_(Options(own.root, only="경기도", jobs=1), lambda *_: None, str, [Edition.INTERNAL])
    assert [(one.code, str(one.cell)) for one in outcome.findings] == [
        ("output.full", "outputs/volumes/internal/경기도.pdf")
    ]
    assert own.outputs() == before
    assert not list((own.root / "outputs/volumes").rglob(".*"))
