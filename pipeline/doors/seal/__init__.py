"""Seals (pyHanko): certificates, signatures in PDFs and beside files, and what they prove."""

from __future__ import annotations

import logging


def hush() -> None:
    """Keep pyHanko's log off the screen: it names who signed, and tells of doubt what we judge ourselves."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
            logger.propagate = False


hush()
