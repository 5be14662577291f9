"""Where the store of a reader is: what the engine is told."""

from pesai.access.audiences import Reader
from pesai.engine.protocol import Locate, StoreRef
from pesai.releases.closing import Closures
from pesai.releases.layout import Home

__all__ = ["locator"]


def locator(home: Home) -> Locate:
    """A function that finds the store of a reader at a release.

    The pointer is read anew for each query, so a new release is seen at once and wholly. A release
    that is asked for by number may be closed: the function raises ``pesai.errors.Gone`` then.
    """
    closures = Closures(home)

    def locate(reader: Reader, release: str | None) -> StoreRef:
        folder = home.release(release)
        if release is not None:
            closures.check(reader, folder)
        return StoreRef(folder.store(reader), folder.id, folder.checksum(reader))

    return locate
