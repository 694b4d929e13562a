"""The house: imports go down only, and each foreign library stands behind its door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

PACKAGE = REPOSITORY / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))

# What a room may import of ours. `korean` is pure and stands beside `model`.
ROOMS = {
    "model": set(),
    "korean": set(),
    "doors": {"model", "korean"},
    "subjects": {"model", "korean"},
    "tables": {"model", "korean"},
    "steps": {"subjects", "tables", "doors", "model", "korean"},
    "run": {"steps", "doors", "model", "korean"},
    "show": {"run", "model", "show", "korean"},
    "commands": {"run", "model", "show"},
    "cli": {"commands", "run", "model", "show"},
}
# Images are arrays in every module that handles scans.
SCANS = {str(path.relative_to(PACKAGE)) for path in (PACKAGE / "doors" / "scans").rglob("*.py")}
SEALS = {f"doors/seal/{name}.py" for name in ("credentials", "detached", "signing", "verdicts")}
# A foreign library and the modules that may know it. pydantic is how `model` is written; click how `cli` talks.
DOORS = {
    "xlrd": {"doors/books/xls.py"},
    "csv": {"doors/books/delimited.py", "doors/books/listed.py"},
    "openpyxl": {
        "doors/books/checked_books.py",
        "doors/books/checked_summary.py",
        "doors/books/new_books.py",
        "doors/books/kept_books.py",
        "doors/books/review_book.py",
        "doors/books/missing_book.py",
    },
    "lxml": {
        "doors/word/template.py",
        "doors/word/compose.py",
        "doors/word/lengths.py",
        "doors/word/lint.py",
        "doors/books/sheet_zip.py",
        "doors/word/charts.py",
        "doors/word/text.py",
        "doors/word/package.py",
        "doors/word/styles.py",
        "doors/word/traps.py",
        "doors/word/answer_sheets.py",
    },
    "docxtpl": {"doors/word/template.py"},
    "docx": {"doors/word/watermark.py", "doors/word/template.py", "doors/word/comments.py"},
    "jinja2": {
        "doors/word/template.py",
        "doors/word/tags.py",
        "doors/word/contract_check.py",
        "doors/word/contract_filters.py",
        "doors/word/contract_values.py",
        "doors/word/contract_walk.py",
        "doors/board/page.py",
    },
    "PIL": {
        "doors/pictures.py",
        "doors/volumes/pictures.py",
        "doors/scans/intake.py",
        "doors/scans/simulated/writing.py",
    },
    "segno": {"doors/pictures.py", "doors/scans/simulated/foreign.py"},
    "markupsafe": {"doors/word/drawings.py", "doors/word/sign_fields.py"},
    "zipfile": {
        "doors/bag.py",
        "doors/bag_reading.py",
        "doors/scans/intake.py",
        "doors/scans/simulated/writing.py",
        "doors/word/template.py",
        "doors/books/sheet_zip.py",
        "doors/word/comments.py",
        "doors/word/package.py",
        "doors/word/traps.py",
        "doors/word/answer_sheets.py",
        "doors/books/kept_books.py",
        "doors/books/checked_books.py",
        "doors/books/new_books.py",
    },
    "pikepdf": {
        "doors/cutting.py",
        "doors/pieces.py",
        "doors/pdf.py",
        "doors/page_codes.py",
        "doors/faces.py",
        "doors/pdfa.py",
        "doors/verapdf.py",
        "doors/seal/signing.py",
        "doors/scans/intake.py",
        "doors/volumes/binder.py",
        "doors/volumes/pictures.py",
        "doors/volumes/prints.py",
        "doors/volumes/store.py",
    },
    "zxingcpp": {"doors/qr_symbols.py", "doors/scans/codes.py"},
    "reportlab": {"doors/faces.py", "doors/seal/signing.py", "doors/volumes/lists.py", "doors/verapdf.py"},
    "numpy": {"doors/page_codes.py", "doors/qr_symbols.py", *SCANS},
    "cv2": SCANS,
    "pillow_heif": {"doors/scans/intake.py"},
    "pyhanko": {"doors/scans/signed_pdf.py", *SEALS},
    "pyhanko_certvalidator": {"doors/scans/signed_pdf.py", *SEALS},
    "cryptography": SEALS,
    "asn1crypto": SEALS,
    "jpype": {"doors/verapdf.py"},
    "pyzipper": {"doors/zips.py"},
    "email": {"doors/mail.py"},
    "smtplib": {"doors/mail.py"},
    "ssl": {"doors/mail.py"},
    "tarfile": {"doors/bag.py", "doors/bag_reading.py"},
    "pypdfium2": {
        "doors/board/first_pages.py",
        "doors/volumes/pictures.py",
        "doors/frames.py",
        "doors/pdf.py",
        "doors/scans/intake.py",
        "doors/scans/issued.py",
        "doors/scans/simulated/paper.py",
    },
    "sqlite3": {f"doors/register{part}.py" for part in ("", "_contexts", "_deliveries", "_returns", "_volumes")},
    "subprocess": {"doors/office.py", "doors/office_profile.py", "doors/programs.py", "doors/verapdf.py"},
    "multiprocessing": {"doors/workers.py"},
    "concurrent": {"doors/workers.py", "doors/cluster.py"},
    "dask": {"doors/cluster.py"},
    "distributed": {"doors/cluster.py"},
    "pickle": {"doors/sealed.py"},
    "filelock": {"doors/lock.py"},
    "click": {
        "cli.py",
        "commands/base.py",
        "commands/deliver.py",
        "commands/demo.py",
        "commands/shell.py",
        "commands/standing.py",
        "commands/volumes.py",
        "show/progress.py",
    },
    "pydantic": {"model/campaign.py", "model/records.py", "tables/reading.py", "steps/read_campaign.py"},
    "pydantic_core": {"tables/reading.py", "steps/read_campaign.py"},
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            if node.module == "pipeline":
                yield from (f"pipeline.{one.name}" for one in node.names)


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def up(path: Path) -> list[str]:
    """Imports of a module that run up or sideways."""
    own = room(path)
    targets = [name.split(".")[1] for name in imports(path) if name.startswith("pipeline.")]
    allowed = ROOMS.get(own, {"cli", "__version__"}) | {own, "__version__"}
    return [target for target in targets if target not in allowed]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    assert up(path) == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "steps").glob("*.py")), ids=lambda path: path.stem)
def test_a_step_never_imports_a_step(path: Path) -> None:
    assert [name for name in imports(path) if name.startswith("pipeline.steps")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_foreign_libraries_stay_behind_their_doors(path: Path) -> None:
    own = str(path.relative_to(PACKAGE))
    foreign = {name.split(".")[0] for name in imports(path)} & set(DOORS)
    assert [name for name in sorted(foreign) if own not in DOORS[name]] == []


def test_the_walk_sees_an_arrow_that_runs_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "model" / "wrong.py"
    wrong.parent.mkdir()
    wrong.write_text("from pipeline.steps.plan import plan\n", encoding="utf-8")
    monkeypatch.setattr("test_architecture.PACKAGE", tmp_path)
    assert up(wrong) == ["steps"]


def test_every_module_says_what_it_is() -> None:
    bare = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert bare == []


def test_modules_are_rooms_of_human_size() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
