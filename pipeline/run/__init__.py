"""The composition root: each job of the product as a short list of steps.

    read → check → plan → render → convert, then publish

Steps do not know each other; here they are joined, and here alone results reach the disk and the register. A job is
imported when it is asked for: who makes papers does not wait for what verifies seals.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.doors.books.checked_summary import Voice as Voice
    from pipeline.doors.interrupts import heed as heed
    from pipeline.doors.interrupts import ignore as ignore
    from pipeline.doors.logs import logged as logged
    from pipeline.run.about import about as about
    from pipeline.run.about import kinds as kinds
    from pipeline.run.affecting import who_is_affected as who_is_affected
    from pipeline.run.archiving import Wish as Wish
    from pipeline.run.archiving import archive as archive
    from pipeline.run.beginning import begin as begin
    from pipeline.run.boarding import PICTURES as PICTURES
    from pipeline.run.boarding import show_board as show_board
    from pipeline.run.checked import check_copies as check_copies
    from pipeline.run.checked import write_copies as write_copies
    from pipeline.run.cleaning import clean as clean
    from pipeline.run.collecting import collect as collect
    from pipeline.run.compiling import compile_ as compile_
    from pipeline.run.delivering import deliver as deliver
    from pipeline.run.doctor import examine as examine
    from pipeline.run.holding import log_end as log_end
    from pipeline.run.holding import shortage as shortage
    from pipeline.run.importing import explain_file as explain_file
    from pipeline.run.importing import import_answers as import_answers
    from pipeline.run.importing import import_demands as import_demands
    from pipeline.run.making import check_inputs as check_inputs
    from pipeline.run.making import language_of as language_of
    from pipeline.run.making import make as make
    from pipeline.run.outcome import OUTPUTS as OUTPUTS
    from pipeline.run.outcome import Options as Options
    from pipeline.run.outcome import Outcome as Outcome
    from pipeline.run.playing import Played as Played
    from pipeline.run.playing import Scene as Scene
    from pipeline.run.playing import demo as demo
    from pipeline.run.playing import new_demo_folder as new_demo_folder
    from pipeline.run.purging import purge as purge
    from pipeline.run.repairing import repair as repair
    from pipeline.run.signing_off import Approval as Approval
    from pipeline.run.signing_off import new_seal as new_seal
    from pipeline.run.signing_off import read_secret as read_secret
    from pipeline.run.signing_off import sign_off as sign_off
    from pipeline.run.standing import moments as moments
    from pipeline.run.standing import stand as stand
    from pipeline.run.templates import check_templates as check_templates
    from pipeline.run.templates import fields as fields
    from pipeline.run.templates import preview as preview
    from pipeline.run.verifying import verify as verify

_WHERE = {
    "run.about": ("about", "kinds"),
    "doors.books.checked_summary": ("Voice",),
    "doors.interrupts": ("heed", "ignore"),
    "doors.logs": ("logged",),
    "run.affecting": ("who_is_affected",),
    "run.archiving": ("Wish", "archive"),
    "run.beginning": ("begin",),
    "run.boarding": ("PICTURES", "show_board"),
    "run.checked": ("check_copies", "write_copies"),
    "run.cleaning": ("clean",),
    "run.collecting": ("collect",),
    "run.compiling": ("compile_",),
    "run.delivering": ("deliver",),
    "run.playing": ("Played", "Scene", "demo", "new_demo_folder"),
    "run.doctor": ("examine",),
    "run.holding": ("log_end", "shortage"),
    "run.importing": ("explain_file", "import_answers", "import_demands"),
    "run.making": ("check_inputs", "language_of", "make"),
    "run.outcome": ("OUTPUTS", "Options", "Outcome"),
    "run.purging": ("purge",),
    "run.repairing": ("repair",),
    "run.signing_off": ("Approval", "new_seal", "read_secret", "sign_off"),
    "run.standing": ("moments", "stand"),
    "run.templates": ("check_templates", "fields", "preview"),
    "run.verifying": ("verify",),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> Any:
    """What is named above (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"pipeline.{_MODULES[name]}"), name)
