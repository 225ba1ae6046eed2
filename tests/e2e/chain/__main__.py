"""`python -m chain --tools FOLDER --idpc PROGRAM`: the whole chain, then the same with its protection taken away."""

from __future__ import annotations

import argparse
import pathlib
import signal
import sys
import time
import types

from chain.lab import Lab
from chain.story import Story
from chain.wait import Failed
from chain.workspace import Workspace


def main() -> int:
    """Tells both stories; returns 1 where something that is promised does not hold."""
    parser = argparse.ArgumentParser(prog="tests/e2e/run", description=__doc__)
    parser.add_argument("--tools", type=pathlib.Path, required=True, help="what tools.sh chain has printed")
    parser.add_argument("--idpc", type=pathlib.Path, required=True, help="the program whose output is delivered")
    parser.add_argument("--only", choices=["good", "bad"], help="one of the two stories")
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    print("NOT REAL: providers and packages (no registry serves them), pods. README.md says what stands in for them")
    started = time.monotonic()
    stories = {"good": _good, "bad": _bad}
    passed = failed = 0
    for name, tell in stories.items():
        if arguments.only not in (None, name):
            continue
        begun = time.monotonic()
        with Lab(arguments.tools.resolve()) as lab:
            print(f"{time.monotonic() - begun:6.1f} s  {name}: everything listens", flush=True)
            workspace = Workspace(arguments.idpc.resolve(), lab.forge, lab.folder / "workspace")
            workspace.build()
            try:
                tell(Story(lab, workspace))
                passed += 1
            except Failed as problem:
                failed += 1
                print(f"FAILED: {problem}")
    print(f"{time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _good(story: Story) -> None:
    """What idpc writes, as it is."""
    story.chapter("the first commit is synced: root, projects, infrastructure and workloads", story.begins)
    story.chapter(
        "claims of the workspace's own kinds are ready; those of the library are accepted", story.becomes_ready
    )
    story.chapter("a composite is not deleted by hand", story.guarded)
    story.chapter("a value out of range is refused; the next commit repairs", story.refuses_and_repairs)
    story.chapter("a need is removed: nothing durable is lost", story.loses_a_need)
    story.chapter("a service is removed: nothing durable is lost", story.loses_a_service)
    story.chapter("a team is removed: nothing durable is lost", story.loses_a_team)
    story.chapter("a kind is removed: nothing durable is lost", story.loses_a_kind)
    story.chapter("all of out/ is removed: nothing durable is lost", story.loses_everything)
    story.chapter("all Applications are deleted: workloads go, nothing durable is lost", story.loses_argo)


def _bad(story: Story) -> None:
    """The same output without what tells Argo CD to leave things alone: this test must notice."""
    story.workspace.unprotect()
    story.chapter("without protection: the first commit is synced", story.begins)
    story.chapter("without protection: claims are ready", story.becomes_ready)
    try:
        story.chapter("without protection: a need is removed", story.loses_a_need)
    except Failed as problem:
        if "durable objects were lost" not in str(problem) or "diary-drafts" not in str(problem):
            raise
        print(f"          noticed, as it must be: {problem}")
    else:
        raise Failed("a need was removed without its protection, and nothing noticed")


def _leave(number: int, _: types.FrameType | None) -> None:
    """Turns a signal into an ordinary exit, on whose way everything is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
