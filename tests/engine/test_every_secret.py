"""Every secret of every resource has a mark, and no mark shows, in both hosts.

Pulumi's own log shows at level 9 every value that it hands over, secrets too: SECURITY.md says so.
Of all else that it prints, keeps and logs nothing shows a mark, nor does anything of ours.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from json import dumps
from threading import Thread
from typing import ClassVar
from urllib.parse import quote

from pulumi_livepull.emulator import Emulator
from pulumi_livepull.emulator.clock import Clock
from pulumi_livepull.emulator.server import running
from tests.conformance.cases import Case
from tests.conformance.every import OWN_CASES as CASES
from tests.engine.stacks import PROJECT, REGION, SECRET_KEY, Run, Stack, days_from_now
from tests.engine.test_both_hosts import HEADER, NAMES, VENDORS, in_python
from tests.engine.test_secrets import check, shown
from tests.hosting import KEYS
from tests.marks import CORE, MARKS, marked

NOW = days_from_now(0)
ALL_LOGS = ("--logtostderr", "-v=9")


def _line(name: str, case: Case, mark: str, changed: bool) -> str:
    """Return what makes a resource with marks in it, and exports it with all outputs."""
    given = dict(case.full)
    if changed:
        given |= {k: v for k, v in case.changes.items() if k not in case.replaces}
    given = marked(case.resource, given, mark)
    inputs = ", ".join(f"{key}={value!r}" for key, value in in_python(given).items())
    fields = [prop.name for prop in case.resource.properties().values() if prop.is_output]
    outputs = ", ".join(f"{field!r}: made.{field}" for field in fields)
    return (
        f"made = {case.resource.label()}({name!r}, {inputs})\n"
        f"pulumi.export({name!r}, {{{outputs}}})\n"
    )


def _program(mark: str, changed: bool = False) -> str:
    lines = (_line(name, case, mark, changed) for name, case in zip(NAMES, CASES, strict=True))
    return re.sub(
        r"2030-01-0(\d)",
        lambda day: days_from_now(int(day[1])).strftime("%Y-%m-%d"),
        HEADER + "".join(lines),
    )


class _Quoting(BaseHTTPRequestHandler):
    """A vendor that refuses everything and quotes what it was sent, in one spelling and another."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[int] = 0

    def _answer(self) -> None:
        type(self).asked += 1
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        sent = f"{SECRET_KEY} {self.path} {dict(self.headers)} {body}"
        text = f"no, not {(str, quote, dumps)[self.asked % 3](sent)}"
        error = {"Code": "Odd", "Message": text}
        answer = dumps(
            {
                "error_code": "LIVE.1",
                "error_msg": text,
                "request_id": text,
                "RequestId": text,
                **error,
                "ResponseMetadata": {"RequestId": text, "Error": error},
            }
        ).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _quoting() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quoting)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _go_to(stack: Stack, url: str) -> None:
    for vendor in VENDORS:
        stack.configure(f"{vendor}Endpoint", url)


def _write(stack: Stack, program: str) -> None:
    (stack.folder / "__main__.py").write_text(program)


def _quoted(run: Run) -> Run:
    assert re.search(r"no, not .*\*\*\*", run.text), "the test is about what a vendor quotes"
    return check(run)


def _live(stack: Stack, host: str, quoting: str) -> None:
    """Make, change, look at and fail to change everything, and look for marks after each step."""
    emulator = Emulator(clock=Clock(frozen_at=NOW))
    emulator.seed({"huaweicloud": {"projects": {REGION: PROJECT}}})
    stack.env["LIVEPULL_LOG"] = "debug"
    stack.configure("host", host)
    settings = {key: value for key, value in KEYS.items() if "SecretKey" not in key}
    secrets = {key: value for key, value in KEYS.items() if "SecretKey" in key}
    stack.command(
        *("config", "set-all", "--stack", "dev"),
        *(f"--plaintext={key}={value}" for key, value in settings.items()),
        *(f"--secret={key}={value}" for key, value in secrets.items()),
        f"--plaintext=livepull:huaweicloudProjectId={PROJECT}",
    )
    with running(emulator) as url:
        _go_to(stack, url)
        _write(stack, _program(MARKS[1]))
        check(stack.preview("--diff"))
        made = check(stack.up(*ALL_LOGS))
        assert {made.plan[name] for name in NAMES} == {"create"}
        _write(stack, _program(f"{CORE}new", changed=True))
        changed = check(stack.up("--diff", *ALL_LOGS))
        assert "update" in {changed.plan[name] for name in NAMES}
        check(stack.refresh("--diff", *ALL_LOGS))
        assert shown(str([asdict(entry) for entry in emulator.journal])) == []
        assert shown(str(emulator.state())) == []
        assert shown(emulator.app.test_client().get("/").text) == []
    _go_to(stack, quoting)
    _write(stack, _program(f"{CORE}newest", changed=True))
    _quoted(stack.up(*ALL_LOGS, fails=True))
    _quoted(stack.refresh("--run-program", *ALL_LOGS, fails=True))
    assert shown(stack.checkpoint) == []
    assert shown(stack.command("stack", "export", "--stack", "dev")) == []


def test_no_secret_shows_in_any_host_whatever_happens(blank: Stack) -> None:
    """For every resource, in success and failure, with all of Pulumi's logs and ours turned on."""
    hosts = ("dynamic", "plugin")
    stacks = [blank.copy(blank.folder.with_name(f"secret-{host}")) for host in hosts]
    with _quoting() as url, ThreadPoolExecutor(2) as pool:
        list(pool.map(_live, stacks, hosts, [url] * 2))
