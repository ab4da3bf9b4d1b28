"""volcengine.PullToPushGroup: a group of relay tasks of Volcengine Live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator

from pulumi_livepull.core.answers import list_or_null_in, required_text
from pulumi_livepull.core.resource import Identity, Listing, Resource
from pulumi_livepull.core.traits import Autoname, Immutable, OmittedToClear, ReadOnly, Wire
from pulumi_livepull.core.types import PASCAL_CASE, Part, Text
from pulumi_livepull.errors import ApiError, Refused, TransportError
from pulumi_livepull.vendors.volcengine.duplicates import refuse_if_taken
from pulumi_livepull.vendors.volcengine.wire import Label

if TYPE_CHECKING:
    from pulumi_livepull.vendors.volcengine.client import VolcengineLive

USABLE = 0
LONGEST = 20
ORDER = "Delete those first. With the group's `name` output as their `groupName`, Pulumi does so."


class Tag(Part):
    """A tag, for example to separate the account's costs."""

    key: Text
    """Its key."""

    value: Text
    """Its value."""


def _by_key(tags: list[Tag]) -> list[Tag]:
    return sorted(tags, key=lambda tag: (tag.key, tag.value))


def _is_systems(tag: Mapping[str, str]) -> bool:
    return tag.get("Category") == "System"


def _out(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    # The page of the create and its example have a category; the vendor's Go SDK has none.
    return [{"Key": tag["key"], "Value": tag["value"], "Category": "Custom"} for tag in tags]


def _back(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in tags if not _is_systems(tag)]


Tags = Annotated[list[Tag], AfterValidator(_by_key), Wire(_out, _back)]


def _fitted(proposed: str) -> str:
    """Shorten a name in the middle, because Pulumi adds a unique suffix."""
    plain = "".join(filter(str.isalnum, proposed))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 7] + plain[-7:]


class PullToPushGroup(Resource, token="livepull:volcengine:PullToPushGroup"):
    """Group relay tasks in a project, so that sub-accounts can be given rights to them.

    Its id is its name. A group with tasks cannot be deleted. Set the `group_name` of its tasks to
    the group's `name` output, and Pulumi deletes the tasks first.

    Source: https://www.volcengine.com/docs/6469/1327379
    """

    identity = Identity(
        named_by=(("name",),),
        id_form="the group's name, such as sports",
    )
    listing = Listing(built_in=("default",))
    example = MappingProxyType({"name": "sports", "project_name": "default"})

    model_config = PASCAL_CASE

    name: Annotated[Immutable[Label], Autoname(_fitted)]
    """Name of the group: up to 20 Chinese characters, letters and digits.

    If unset, the plugin uses the name of the resource.
    """

    project_name: Immutable[Text]
    """Project of the account that the group belongs to, such as `default`."""

    tags: OmittedToClear[Tags | None] = None
    """Tags of the group, in any order. System tags are neither shown nor changed."""

    status: ReadOnly[int | None] = None
    """`0` if it can be used. A deleted group, which the vendor keeps listing, counts as gone."""

    def only_one(self) -> str:
        """See `Resource`."""
        return self.name

    def create(self, api: VolcengineLive) -> str:
        """Source: CreatePullToPushGroup. It is not documented what happens if the name is in use,
        so that is checked first.
        """
        with api.lock_for(self.name):
            refuse_if_taken(self.list_like(api), self.name)
            try:
                api.call("CreatePullToPushGroup", self.to_wire())
            except ApiError:
                with suppress(ApiError, TransportError):
                    # Another run may have created it meanwhile, for which there is no own code.
                    refuse_if_taken(self.list_like(api), self.name)
                raise
        return self.name

    @classmethod
    def read(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, Any] | None:
        """Source: ListPullToPushGroup. No call reads a single one."""
        listed = _usable(api)
        return next((one for one in listed if one.get("Name", resource_id) == resource_id), None)

    def update(self, api: VolcengineLive, resource_id: str, changed: Set[str]) -> None:
        """Source: UpdatePullToPushGroup. Assumption A146: it overwrites all tags, including system
        tags."""
        found = self.read(api, resource_id) or {}
        tags = list_or_null_in(found, "Tags") if "Tags" in found else []
        kept = [tag for tag in tags if _is_systems(tag)]
        own = self.to_wire({"tags"}).get("Tags", [])
        api.call("UpdatePullToPushGroup", {"Name": resource_id, "Tags": [*kept, *own]})

    @classmethod
    def delete(cls, api: VolcengineLive, resource_id: str) -> None:
        """Source: DeletePullToPushGroup.

        It is not documented what happens to tasks in the group, so it must be empty.
        """
        listed = api.pages("ListPullToPushTaskV2", {"GroupNames": [resource_id]})
        if tasks := ", ".join(str(one.get("TaskId")) for one in listed):
            raise Refused(f"it has the tasks {tasks}", ORDER)
        try:
            api.call("DeletePullToPushGroup", {"Name": resource_id})
        except ApiError as error:
            if type(error) is ApiError:
                error.hint = f"It may have a new task that no list shows yet. {ORDER}"
            raise

    @classmethod
    def listed_with(cls, api: VolcengineLive, resource_id: str) -> Mapping[str, str]:
        """See `Resource`."""
        return {}

    @classmethod
    def list_all(
        cls, api: VolcengineLive, where: Mapping[str, str]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Source: ListPullToPushGroup."""
        yield from ((required_text(one, "Name"), one) for one in _usable(api))

    def list_like(self, api: VolcengineLive) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the one with this name."""
        if found := self.read(api, self.name):
            yield self.name, found


def _usable(api: VolcengineLive) -> Iterator[Mapping[str, Any]]:
    """Yield every usable group. The list may include deleted ones."""
    return api.pages("ListPullToPushGroup", {"StatusList": [USABLE]}, ("PageNum", "PageSize"))
