"""A checkout with the example workspace: edited as its owners would, built by idpc, committed and pushed."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess

from chain.forge import BRANCH, Forge, git
from chain.wait import Failed

EXAMPLE = pathlib.Path(__file__).resolve().parents[1] / "workspace"


class Workspace:
    """The working copy, with the forge that it is pushed to."""

    def __init__(self, idpc: pathlib.Path, forge: Forge, folder: pathlib.Path) -> None:
        self.idpc = idpc
        self.folder = folder
        self.protected = True
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("out"))
        git(folder, "init", "--quiet", "--initial-branch", BRANCH)
        git(folder, "config", "user.name", "somebody")
        git(folder, "config", "user.email", "somebody@library.example")
        git(folder, "remote", "add", "origin", forge.url)
        # The one setting that the place of the repository has; the output is written from it.
        self.replace("platform/platform.idp", "https://forge.example/platform.git", forge.url)

    def replace(self, path: str, old: str, new: str) -> None:
        """Puts one text, which must be there, in place of another."""
        text = (self.folder / path).read_text()
        if old not in text:
            raise Failed(f"{path} does not have: {old}")
        (self.folder / path).write_text(text.replace(old, new))

    def remove(self, *paths: str) -> None:
        """Removes files and folders of the sources."""
        for each in paths:
            place = self.folder / each
            shutil.rmtree(place) if place.is_dir() else place.unlink()

    def write(self, path: str, text: str) -> None:
        """Writes one source."""
        (self.folder / path).write_text(text)

    def build(self) -> None:
        """Builds the output, which must succeed."""
        code, said = self._build()
        if code:
            raise Failed(f"idpc build: exit code {code}\n{said}")
        if not self.protected:
            self._strip_protection()

    def refused(self, *words: str) -> None:
        """A build that must stop, write nothing, and name these."""
        code, said = self._build()
        missing = [each for each in words if each not in said]
        if code != 1 or missing:
            raise Failed(f"idpc build: exit code {code}, missing {missing}\n{said}")
        if git(self.folder, "status", "--porcelain", "--", "out"):
            raise Failed("idpc build has errors and writes all the same")

    def _build(self) -> tuple[int, str]:
        command = [str(self.idpc), "build"] + ([] if self.protected else ["--force"])
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def push(self, message: str) -> str:
        """Commits everything that differs and pushes it; returns the commit."""
        git(self.folder, "add", "--all", "--force")
        git(self.folder, "commit", "--quiet", "--message", message)
        git(self.folder, "push", "--quiet", "origin", BRANCH)
        return git(self.folder, "rev-parse", "HEAD").strip()

    def output(self, path: str) -> str:
        """One file that idpc has written."""
        return (self.folder / "out" / path).read_text()

    def unprotect(self) -> None:
        """From now on the output is committed without what tells Argo CD to leave things alone."""
        self.protected = False
        self.build()

    def _strip_protection(self) -> None:
        for place in sorted((self.folder / "out").rglob("*.yaml")):
            text = place.read_text()
            place.write_text(
                re.sub(
                    r"(?m)^    argocd\.argoproj\.io/sync-options: Prune=false,Delete=false\n",
                    "    idpc.dev/stripped: protection\n",
                    text,
                )
            )
