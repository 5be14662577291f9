"""The one door to the data folders, in a checkout and in an installed wheel."""

from pathlib import Path
from typing import Literal

__all__ = ["Kind", "files"]

Kind = Literal["ontology", "queries", "data"]

_PACKAGE = Path(__file__).resolve().parent


def files(kind: Kind) -> Path:
    """Return the folder of one kind of shipped data.

    In a wheel the folders lie below the package (``pesai/_data``), in a checkout beside it.

    Raises:
        FileNotFoundError: the installation is incomplete; the message names both places.
    """
    candidates = (_PACKAGE / "_data" / kind, _PACKAGE.parent / kind)
    for folder in candidates:
        if folder.is_dir():
            return folder
    tried = " nor ".join(str(folder) for folder in candidates)
    raise FileNotFoundError(f"the folder '{kind}' of PESAI is neither {tried}: install PESAI again")
