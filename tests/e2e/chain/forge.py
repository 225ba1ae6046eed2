"""A forge: it serves one repository over HTTP and tells Argo CD of every push, as GitHub does."""

from __future__ import annotations

import http.server
import json
import os
import pathlib
import subprocess
import threading
import urllib.request
from typing import Any

BRANCH = "main"


class Forge:
    """One bare repository behind `git http-backend`, on a thread of this process."""

    def __init__(self, folder: pathlib.Path, port: int, webhook: str) -> None:
        self.repository = folder / "platform.git"
        self.url = f"http://127.0.0.1:{port}/platform.git"
        self.webhook = webhook
        git(folder, "init", "--quiet", "--bare", "--initial-branch", BRANCH, str(self.repository))
        git(self.repository, "config", "http.receivepack", "true")
        forge = self

        class Handler(_Handler):
            """Requests to this forge."""

            def answer(self) -> None:
                """Serves the request, and reports what a push has changed."""
                before = forge.head()
                self.serve(folder)
                after = forge.head()
                if after != before:
                    forge.report(before, after)

            do_GET = do_POST = answer

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def head(self) -> str:
        """The newest commit, or nothing before the first."""
        return git(self.repository, "for-each-ref", "--format=%(objectname)", f"refs/heads/{BRANCH}").strip()

    def report(self, before: str, after: str) -> None:
        """The webhook of a push: which files it adds, removes and changes."""
        changes: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
        if before:
            names = {"A": "added", "D": "removed"}
            for line in git(self.repository, "diff", "--no-renames", "--name-status", before, after).splitlines():
                status, _, path = line.partition("\t")
                changes[names.get(status, "modified")].append(path)
        payload = {
            "ref": f"refs/heads/{BRANCH}",
            "before": before or "0" * 40,
            "after": after,
            "commits": [{"id": after} | changes],
            "repository": {"html_url": self.url.removesuffix(".git"), "default_branch": BRANCH},
        }
        headers = {"X-GitHub-Event": "push", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self.webhook, json.dumps(payload).encode(), headers)):
            pass

    def stop(self) -> None:
        """Serves no longer."""
        self.server.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    """Hands a request to `git http-backend`."""

    protocol_version = "HTTP/1.0"

    def log_message(self, *_: Any) -> None:
        """Says nothing about ordinary requests."""

    def serve(self, root: pathlib.Path) -> None:
        """Runs git for this request and passes on what it answers."""
        path, _, query = self.path.partition("?")
        environment = os.environ | {
            "GIT_PROJECT_ROOT": str(root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": "test",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        body = self._body()
        environment["CONTENT_LENGTH"] = str(len(body))
        answer = subprocess.run(
            ["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE, check=False
        )
        head, _, content = answer.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body


def git(folder: pathlib.Path, *arguments: str) -> str:
    """Runs git and returns what it prints."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout
