"""KeyedResource: a thing that its inputs name, such as a stream of an app and a domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pulumi_livepull.core.answers import text_in
from pulumi_livepull.core.resource import Resource


class KeyedResource(Resource):
    """A resource whose id is its key: the first inputs of `identity.named_by`, joined by slashes.

    The vendor has one for each key. Write what `Resource` asks for, with the help of `key_of`,
    `pick` and `with_ids`.
    """

    @classmethod
    def key_of(cls, resource_id: str) -> dict[str, str]:
        """Return the parts of an id as the vendor names them; a part that it lacks is empty."""
        names = cls._wire_names()
        parts = resource_id.split("/", len(names) - 1)
        return dict(zip(names, parts + [""] * (len(names) - len(parts)), strict=True))

    @classmethod
    def pick(
        cls, listed: Iterable[Mapping[str, Any]], resource_id: str
    ) -> Mapping[str, Any] | None:
        """Return the first item in which nothing speaks against the key.

        One that does not show all of it may be the one: it is not gone for certain.
        """
        key = cls.key_of(resource_id).items()
        fits = (one for one in listed if all(one.get(name, part) == part for name, part in key))
        return next(fits, None)

    @classmethod
    def with_ids(
        cls, listed: Iterable[Mapping[str, Any]], where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield what was listed by the fields `where`, which an item need not repeat, with ids.

        The id of one that does not show all of its key is empty.
        """
        asked = {cls.properties()[name].wire_name: value for name, value in where.items()}
        for one in listed:
            found = {**asked, **one}
            parts = [text_in(found, name) for name in cls._wire_names()]
            yield "/".join(parts) if all(parts) else "", found

    @classmethod
    def _wire_names(cls) -> list[str]:
        return [cls.properties()[name].wire_name for name in cls.identity.named_by[0]]

    def only_one(self) -> str:
        """See `Resource`."""
        return "/".join(getattr(self, name) for name in self.identity.named_by[0])

    @classmethod
    def listed_with(cls, api: Any, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        key = cls.key_of(resource_id)
        return {name: key[cls.properties()[name].wire_name] for name in cls.listing.under}

    def list_like(self, api: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the one that holds this key."""
        if found := self.read(api, self.only_one()):
            yield self.only_one(), found
