"""Languages of messages (gettext): English in the code, the others in `pipeline/locale/`."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "hyeopyak"
FOLDER = Path(__file__).parent.parent / "locale"


def use(language: str) -> None:
    """Speak `language` from now on ('' for that of the environment), click's own messages included."""
    wanted = language or os.environ.get("LANGUAGE", "")
    # English has no catalogue; gettext would go on to the next language of the list, as in `en:ko`.
    os.environ["LANGUAGE"] = "C" if wanted.startswith("en") else wanted
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)


def say(message: str) -> str:
    """The message in the language in use; '' stays '' (gettext would answer with the catalogue's header)."""
    return gettext.gettext(message) if message else ""
