"""Where the store of a reader is: what the engine is told."""

from functools import lru_cache

from pesai.access.audiences import Reader
from pesai.engine.protocol import Locate, StoreRef
from pesai.releases.closing import Closures
from pesai.releases.layout import Home, ReleaseFolder

__all__ = ["locator", "store_of"]


def locator(home: Home) -> Locate:
    """A function that finds the store of a reader at a release.

    The pointer is read anew for each query, so a new release is seen at once and wholly. A release
    that is asked for by number may be closed: the function raises ``pesai.errors.Gone`` then.
    """
    closures = Closures(home)

    def locate(reader: Reader, release: str | None) -> StoreRef:
        folder = home.release(release)
        if release is None:
            return store_of(folder, reader)
        closures.check(reader, folder)
        return StoreRef(folder.store(reader), folder.id, folder.checksum(reader))

    return locate


@lru_cache(maxsize=256)
def store_of(current: ReleaseFolder, reader: Reader) -> StoreRef:
    """The store of a reader in the current release, which never changes: it is read once.

    An older release may be made again without what was taken back since, so it is not kept here.
    """
    return StoreRef(current.store(reader), current.id, current.checksum(reader))
