"""The example of a pull request: its plan, its workflow for GitHub and its job for GitLab."""

import json
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_livepull.__main__ import parser
from pulumi_livepull.emulator import Emulator
from pulumi_livepull.review.document import document
from pulumi_livepull.review.judge import judge
from pulumi_livepull.review.markdown import MARK
from pulumi_livepull.review.plan import read_file
from tests.engine.pictures import EXAMPLE, ON_AIR, planned
from tests.engine.stacks import Stack

CRON = EXAMPLE.parent / "round-the-clock" / "cron.yml"

SCHEMAS = {
    "github.yml": ["--builtin-schema", "vendor.github-workflows"],
    "gitlab.yml": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def reviewed(text: str) -> Any:
    """Return the review of a plan, without the ids that the emulator made up."""
    review = judge([read_file(Path("plan.json"), text.encode())], ON_AIR)
    found = json.loads(document(review, []))
    for change in found["changes"]:
        del change["id"]
    return found


def test_the_plan_is_what_the_engine_plans(stack: Stack, emulator: Emulator, url: str) -> None:
    """To write it again, run `python -m tests.engine.pictures`."""
    kept = (EXAMPLE / "plan.json").read_text(encoding="utf-8")
    assert reviewed(json.dumps(planned(stack, emulator, url))) == reviewed(kept)
    assert str(Path.home()) not in kept
    assert len(reviewed(kept)["changes"]) == 7


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_pipeline_is_valid_by_its_published_schema(name: str) -> None:
    """The schema that editors use for GitHub and GitLab."""
    files = [EXAMPLE / name, *([CRON] if name == "github.yml" else [])]
    checker = [sys.executable, "-m", "check_jsonschema", *SCHEMAS[name], *map(str, files)]
    ran = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def commands(name: str) -> Iterator[str]:
    """Yield every shell command of a pipeline."""
    content = yaml.safe_load((EXAMPLE / name).read_text(encoding="utf-8"))
    if name == "gitlab.yml":
        yield from content["review"]["script"]
    else:
        yield from (s["run"] for s in content["jobs"]["review"]["steps"] if "run" in s)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_pipeline_calls_commands_that_exist(name: str) -> None:
    """With the options that the example's page names."""
    (review,) = [line for line in commands(name) if line.startswith("livepull")]
    chosen = parser().parse_args(shlex.split(review)[1:])
    assert chosen.files == ["plan.json"]
    assert [file.name for file in chosen.out] == ["review.md", "review.html"]
    (preview,) = [line for line in commands(name) if line.startswith("pulumi preview")]
    assert "--json --show-sames" in preview


GITHUB = """
const comments = [{ id: 1, body: "Nice!" }];
const github = {
  paginate: async (list) => list(),
  rest: { issues: {
    listComments: () => comments,
    createComment: async ({ body }) => comments.push({ id: comments.length + 1, body }),
    updateComment: async ({ comment_id, body }) => {
      comments.find(({ id }) => id === comment_id).body = body;
    },
  } },
};
const context = { repo: { owner: "tv", repo: "relays" }, issue: { number: 7 } };
(async () => {
  const post = new (async () => {}).constructor("github", "context", "require", process.argv[2]);
  for (const body of JSON.parse(process.argv[3])) {
    require("fs").writeFileSync("review.md", body);
    await post(github, context, require);
  }
  console.log(JSON.stringify(comments));
})();
"""
REVIEWS = [f"{MARK}\n**1 channel goes off air.**\n", f"{MARK}\n**Nothing changes on air.**\n"]


def test_github_gets_one_comment_which_is_updated(tmp_path: Path) -> None:
    """The workflow's script runs against an API that only stores comments."""
    workflow = yaml.safe_load((EXAMPLE / "github.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["review"]["steps"]
    (script,) = [step["with"]["script"] for step in steps if step.get("name") == "Comment"]
    file = tmp_path / "run.cjs"
    file.write_text(GITHUB)
    ran = subprocess.run(
        ["node", str(file), script, json.dumps(REVIEWS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert [comment["body"] for comment in json.loads(ran.stdout)] == ["Nice!", REVIEWS[1]]


class Notes(BaseHTTPRequestHandler):
    """The notes of one merge request. Source: GitLab's docs, api/notes."""

    notes: list[dict[str, Any]]

    def do_GET(self) -> None:
        """List them."""
        self._answer(self.notes)

    def do_POST(self) -> None:
        """Make one."""
        self.notes.append({"id": len(self.notes) + 1, **self._body()})
        self._answer(self.notes[-1])

    def do_PUT(self) -> None:
        """Change one."""
        note = self.notes[int(self.path.rpartition("/")[2]) - 1]
        note |= self._body()
        self._answer(note)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _body(self) -> Mapping[str, Any]:
        assert self.headers["PRIVATE-TOKEN"] == "token"
        body: Mapping[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return body

    def _answer(self, answer: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())


def test_gitlab_gets_one_comment_which_is_updated(tmp_path: Path) -> None:
    """The job's script runs in a real shell."""
    job = yaml.safe_load((EXAMPLE / "gitlab.yml").read_text(encoding="utf-8"))["review"]
    (script,) = job["after_script"]
    handler = type("Served", (Notes,), {"notes": [{"id": 1, "body": "Nice!"}]})
    server = HTTPServer(("127.0.0.1", 0), handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    api = f"http://127.0.0.1:{server.server_address[1]}"
    assert job["variables"]["NOTES"].endswith("/merge_requests/$CI_MERGE_REQUEST_IID/notes")
    env = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "REVIEW_TOKEN": "token"}
    try:
        for review in ["", *REVIEWS]:
            if review:
                (tmp_path / "review.md").write_text(review)
            ran = subprocess.run(
                ["sh", "-ec", script],
                cwd=tmp_path,
                env={**env, "NOTES": f"{api}/notes"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, ran.stderr
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert [note["body"] for note in handler.notes] == ["Nice!", REVIEWS[1]]  # type: ignore[attr-defined]
