"""The table of emulated operations, and the names of those that are not emulated."""

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from pulumi_livepull.emulator.huaweicloud import project, pull_task, record_callback
from pulumi_livepull.emulator.huaweicloud.call import Handler, Operation
from pulumi_livepull.emulator.huaweicloud.refusal import not_emulated, wrong_method
from pulumi_livepull.emulator.vendor import Coverage

TASK = "/v1/<project_id>/pull/stream/task"
CALLBACKS = "/v1/<project_id>/record/callbacks"
CALLBACK = f"{CALLBACKS}/<id>"


def _task(name: str, method: str, handler: Handler) -> Operation:
    return Operation(name, method, TASK, handler, f"api-live/{name}", request_id_in_body=True)


def _callback(name: str, method: str, path: str, handler: Handler) -> Operation:
    return Operation(name, method, path, handler, f"api-live/{name}")


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
            "KeystoneListProjects", "GET", "/v3/projects", project.list_, "api-iam/iam_06_0001"
        ),
    )
}

# The other operations of api-live, by the names of the vendor's SDK (v1).
_NOT_EMULATED = """
BatchShowIpBelongs CheckDomainVerification CreateDomain CreateDomainMapping CreateFlowOutput
CreateFlows CreateHarvestTask CreateOttChannelInfo CreateRecordIndex CreateRecordRule
CreateScheduleRecordTasks CreateSnapshotConfig CreateStreamForbidden CreateStreamForbiddenOnce
CreateTranscodingsTemplate CreateUrlAuthchain CreateWatermarkRule CreateWatermarkTemplate
DeleteDomain DeleteDomainHttpsCert DeleteDomainKeyChain DeleteDomainMapping DeleteFlow
DeleteFlowOutput DeleteHarvestTask DeleteOttChannelInfo DeletePublishTemplate DeleteRecordRule
DeleteRefererChain DeleteScheduleRecordTasks DeleteSnapshotConfig DeleteStreamForbidden
DeleteTranscodingsTemplate DeleteWatermarkRule DeleteWatermarkTemplate ListDelayConfig ListFlows
ListGeoBlockingConfig ListHarvestTask ListHlsConfig ListIpAuthList ListLiveSampleLogs
ListLiveStreamsOnline ListOttChannelInfo ListPublishTemplate ListRecordContents ListRecordRules
ListScheduleRecordTasks ListSnapshotConfigs ListStreamForbidden ListWatermarkRule
ListWatermarkTemplate ModifyDomainStreamBackup ModifyFlowOutput ModifyFlowSources ModifyFlowStart
ModifyFlowStop ModifyHarvestTask RunRecord SetRefererChain ShowCertificateInfo ShowDomain
ShowDomainHttpsCert ShowDomainKeyChain ShowDomainStreamBackup ShowDomainVerification
ShowFlowDetail ShowOutputInfo ShowPullSourcesConfig ShowRecordRule ShowRefererChain
ShowTranscodingsTemplate ShowWatermarkRule ShowWatermarkTemplate UpdateDelayConfig UpdateDomain
UpdateDomainHttpsCert UpdateDomainIp6Switch UpdateDomainKeyChain UpdateGeoBlockingConfig
UpdateHarvestJobStatus UpdateHlsConfig UpdateIpAuthList UpdateObsBucketAuthorityPublic
UpdatePublishTemplate UpdatePullSourcesConfig UpdateRecordRule UpdateSnapshotConfig
UpdateStreamForbidden UpdateTranscodingsTemplate UpdateWatermarkRule UpdateWatermarkTemplate
"""

_ROUTES = Map(
    [Rule(each.path, methods=[each.method], endpoint=each.name) for each in OPERATIONS.values()],
    merge_slashes=False,
).bind("")


def find_operation(method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The operation at this path and the path's variables; a Refusal when there is none."""
    try:
        name, variables = _ROUTES.match(path, method)
    except MethodNotAllowed:
        raise wrong_method() from None
    except NotFound:
        raise not_emulated(method, path) from None
    return OPERATIONS[name], dict(variables)


def coverage(vendor: str) -> list[Coverage]:
    """Every operation with its page, the emulated ones first."""
    emulated = [Coverage(vendor, each.name, True, each.page) for each in OPERATIONS.values()]
    return emulated + [
        Coverage(vendor, name, False, f"api-live/{name}") for name in _NOT_EMULATED.split()
    ]
