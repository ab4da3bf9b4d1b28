"""Groups of pull-to-push tasks.

Pages: CreatePullToPushGroup, UpdatePullToPushGroup, ListPullToPushGroup, DeletePullToPushGroup.
"""

from pulumi_livepull.emulator.fields import Fields, list_of, map_of, matching, one_of, text, whole
from pulumi_livepull.emulator.state import Thing, cut_page
from pulumi_livepull.emulator.volcengine.call import Call
from pulumi_livepull.emulator.volcengine.refusal import exists_already, not_found, wrong_state
from pulumi_livepull.emulator.volcengine.state import State

DEFAULT = "default"
USABLE, DELETED = 0, 1
NAME = matching("[A-Za-z0-9\u4e00-\u9fff]{1,20}", "1 to 20 Chinese characters, letters and digits")
# Assumption A099: the lengths of a tag's key and value, and the number of tags.
TAG: Fields = {
    "Key": text(1, 128),
    "Value": text(0, 256),
    "Category": one_of("System", "Custom"),
}
CREATE: Fields = {
    "Name": NAME,
    "ProjectName": text(1, 64),
    # The page and its example have a category; the vendor's Go SDK has none.
    "Tags": list_of(map_of(TAG, required=("Key", "Value")), 0, 50),
}
UPDATE: Fields = {"Name": NAME, "Tags": list_of(map_of(TAG, required=TAG), 0, 50)}
LIST: Fields = {
    "PageNum": whole(1, 1000),
    "PageSize": whole(1, 1000),
    "StatusList": list_of(whole(USABLE, DELETED), 0, 2),
}


def create(call: Call) -> None:
    """CreatePullToPushGroup."""
    given = call.body(CREATE, required=("Name", "ProjectName"))
    if find(call.state, given["Name"]):
        raise exists_already(f"there is a group {given['Name']}")
    tags = [{"Category": "Custom", **tag} for tag in given.get("Tags", [])]
    group = make({**given, "Tags": tags})
    # A group with the name of a deleted group is a new group.
    if call.state.groups.find(given["Name"]):
        call.state.groups.remove(given["Name"])
    call.state.groups.put(given["Name"], group, hidden_reads=call.hidden_reads)


def update(call: Call) -> None:
    """UpdatePullToPushGroup. Assumption A100: a call without tags removes all tags."""
    given = call.body(UPDATE, required=("Name",))
    group = get(call.state, given["Name"])
    call.state.groups.put(given["Name"], {**group, "Tags": given.get("Tags", [])})


def list_(call: Call) -> Thing:
    """ListPullToPushGroup."""
    asked = call.body(LIST, required=("PageNum", "PageSize"))
    statuses = asked.get("StatusList") or [USABLE]
    found = [group for group in call.state.groups.read().values() if group["Status"] in statuses]
    page = cut_page(found, asked["PageNum"], asked["PageSize"])
    return {"List": page, "Total": len(found)}


def delete(call: Call) -> None:
    """DeletePullToPushGroup. Assumption A101: a group that still has tasks is kept."""
    name = call.body({"Name": NAME}, required=("Name",))["Name"]
    group = get(call.state, name)
    if any(task["GroupName"] == name for task in call.state.tasks):
        raise wrong_state(f"the group {name} still has tasks")
    call.state.groups.put(name, {**group, "Status": DELETED})


def make(given: Thing) -> Thing:
    """A group with every field."""
    return {"ProjectName": DEFAULT, "Status": USABLE, "Tags": [], **given}


def find(state: State, name: str) -> Thing | None:
    """The group with this name, unless it was deleted."""
    group = state.groups.find(name)
    return group if group and group["Status"] == USABLE else None


def get(state: State, name: str) -> Thing:
    """The same. Raises a Refusal if there is none. The default group is created when needed."""
    if name == DEFAULT and not find(state, DEFAULT):
        state.groups.put(DEFAULT, make({"Name": DEFAULT}))
    group = find(state, name)
    if group is None:
        raise not_found(f"group {name}")
    return group
