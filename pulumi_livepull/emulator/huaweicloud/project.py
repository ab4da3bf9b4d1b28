"""The lookup of a project id by region name, which every SDK does before its first call.

Page: api-iam/iam_06_0001. Of its query parameters only the name is emulated.
"""

from pulumi_livepull.emulator.fields import text
from pulumi_livepull.emulator.huaweicloud.call import Answer, Call


def list_(call: Call) -> Answer:
    """GET: api-iam/iam_06_0001. An unknown name returns an empty list."""
    name = call.query({"name": text(1, 64)}, required=("name",))["name"]
    project_id = call.state.find_project_id(name)
    return 200, {"projects": [{"id": project_id, "name": name}] if project_id else []}
