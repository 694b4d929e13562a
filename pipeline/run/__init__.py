"""The composition root: each job of the product as a short list of steps.

    read → check → plan → render → convert, then publish

Steps do not know each other; here they are joined, and here alone results reach the disk and the register.
"""

from __future__ import annotations

from pipeline.doors.books.checked_summary import Voice
from pipeline.doors.logs import logged
from pipeline.run.affecting import who_is_affected
from pipeline.run.archiving import Wish, archive
from pipeline.run.beginning import begin
from pipeline.run.checked import check_copies, write_copies
from pipeline.run.collecting import collect
from pipeline.run.compiling import compile_
from pipeline.run.doctor import examine
from pipeline.run.holding import log_end, shortage
from pipeline.run.importing import explain_file, import_answers, import_demands
from pipeline.run.making import check_inputs, language_of, make
from pipeline.run.outcome import OUTPUTS, Options, Outcome
from pipeline.run.purging import purge
from pipeline.run.repair import repair
from pipeline.run.signing_off import Approval, new_seal, read_secret, sign_off
from pipeline.run.templates import check_templates, fields, preview
from pipeline.run.verifying import verify

__all__ = [
    "OUTPUTS",
    "Approval",
    "Options",
    "Outcome",
    "Voice",
    "Wish",
    "archive",
    "begin",
    "check_copies",
    "check_inputs",
    "check_templates",
    "collect",
    "compile_",
    "examine",
    "explain_file",
    "fields",
    "import_answers",
    "import_demands",
    "language_of",
    "log_end",
    "logged",
    "make",
    "new_seal",
    "preview",
    "purge",
    "read_secret",
    "repair",
    "shortage",
    "sign_off",
    "verify",
    "who_is_affected",
    "write_copies",
]
