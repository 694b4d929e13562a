"""Languages of messages (gettext): English in the code, the others in `pipeline/locale/`."""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Speaker:
    """`say` in one language, wherever it is taken: worker processes know nothing of the language in use here."""

    language: str
    """'' for that of the environment."""

    @classmethod
    def present(cls) -> Self:
        """In the language in use."""
        return cls(os.environ.get("LANGUAGE", "").split(":")[0])

    def __call__(self, message: str) -> str:
        """The message; '' stays ''."""
        return _translation(self.language).gettext(message) if message else ""


@cache
def _translation(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language] if language else None, fallback=True)
