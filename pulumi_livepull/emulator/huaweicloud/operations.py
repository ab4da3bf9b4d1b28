"""The table of emulated operations. The others are listed in not_emulated.txt."""

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from pulumi_livepull.emulator.huaweicloud import domain, project, pull_task, record_callback
from pulumi_livepull.emulator.huaweicloud.call import Handler, Operation
from pulumi_livepull.emulator.huaweicloud.refusal import wrong_method
from pulumi_livepull.emulator.refusal import not_emulated

TASK = "/v1/<project_id>/pull/stream/task"
CALLBACKS = "/v1/<project_id>/record/callbacks"
CALLBACK = f"{CALLBACKS}/<id>"


def _task(name: str, method: str, handler: Handler) -> Operation:
    return Operation(
        name=name,
        method=method,
        path=TASK,
        handler=handler,
        page=f"api-live/{name}",
        makes=name.startswith("Create"),
        request_id_in_body=True,
    )


def _callback(name: str, method: str, path: str, handler: Handler) -> Operation:
    return Operation(
        name=name,
        method=method,
        path=path,
        handler=handler,
        page=f"api-live/{name}",
        makes=name.startswith("Create"),
    )


OPERATIONS = {
    operation.name: operation
    for operation in (
        _task("CreatePullTask", "POST", pull_task.create),
        _task("ListPullTasks", "GET", pull_task.list_),
        _task("ModifyPullTask", "PUT", pull_task.modify),
        _task("DeletePullTask", "DELETE", pull_task.delete),
        _callback("CreateRecordCallbackConfig", "POST", CALLBACKS, record_callback.create),
        _callback("ListRecordCallbackConfigs", "GET", CALLBACKS, record_callback.list_),
        _callback("ShowRecordCallbackConfig", "GET", CALLBACK, record_callback.show),
        _callback("UpdateRecordCallbackConfig", "PUT", CALLBACK, record_callback.update),
        _callback("DeleteRecordCallbackConfig", "DELETE", CALLBACK, record_callback.delete),
        Operation(
            name="ShowDomain",
            method="GET",
            path="/v1/<project_id>/domain",
            handler=domain.list_,
            page="api-live/ShowDomain",
        ),
        Operation(
            name="KeystoneListProjects",
            method="GET",
            path="/v3/projects",
            handler=project.list_,
            page="api-iam/iam_06_0001",
        ),
    )
}

_ROUTES = Map(
    [Rule(each.path, methods=[each.method], endpoint=each.name) for each in OPERATIONS.values()],
    merge_slashes=False,
).bind("")


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation at this path and the path's variables. Raises a Refusal if there is none."""
    try:
        name, variables = _ROUTES.match(path, method)
    except MethodNotAllowed:
        raise wrong_method() from None
    except NotFound:
        raise not_emulated(f"{method} {path}") from None
    return OPERATIONS[name], dict(variables)
