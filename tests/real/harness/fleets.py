"""`python -m harness.fleets IDPC COUNT SEED`: random workspaces, built, and their flows compared with their graphs.

Small ones, so that a difference is easy to read: two to eight services in one to three environments.
"""

from __future__ import annotations

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from harness import network
from harness.report import Report
from harness.tree import File, files

KINDS = ["postgres", "redis", "bucket", "queue", "topic", "domain", "secret"]
# What a kind cannot do without, with the names of service and entry.
FIELDS = {"domain": 'host = "{entry}.{service}.example.org"', "secret": 'key = "{service}/{entry}"'}


def main() -> int:
    """Builds and compares; prints the first workspace that differs and returns 1."""
    program, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    report = Report()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="idpc-fleets-"))
    for number in range(count):
        root = folder / f"fleet-{number}"
        environments, known = _write(root, random.Random(seed * 100_000 + number))
        _run([program, "build"], root)
        (root / "graph").mkdir()
        for environment in environments:
            said = _run([program, "graph", "--env", environment, "--format", "json"], root)
            (root / "graph" / f"{environment}.json").write_text(said)
        _compare(root / "out", environments, known, report)
        if report.failures():
            print(f"{root} (seed {seed})")
            break
        shutil.rmtree(root)
    else:
        folder.rmdir()
    print(f"{count} generated workspaces")
    print("\n".join(report.table()))
    return 1 if report.failures() or not report.checks else 0


def _compare(tree: pathlib.Path, environments: list[str], known: network.Known, report: Report) -> None:
    found: dict[str, list[File]] = {name: [] for name in environments}
    for file in files(tree):
        if file.path.startswith(("envs/", "platform/")) and file.path.endswith(".yaml"):
            found[file.environment].append(file)
    for claimed in found.values():
        network.check(claimed, [document for file in claimed for document in file.documents], report, known)


def _run(command: list[str], root: pathlib.Path) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} in {root}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _write(root: pathlib.Path, chance: random.Random) -> tuple[list[str], network.Known]:
    """Writes one workspace; returns its environments, and what it says of the world around them."""
    (root / "platform").mkdir(parents=True)
    (root / "idp.toml").write_text('[workspace]\nname = "fleet"\nedition = "2026"\n')
    environments = ["dev", "staging", "prod"][-chance.randint(1, 3) :]
    scope = chance.choice(["per_service", "per_system"])
    lines = ["platform fleet {", '  api_group = "platform.example.org"', f"  namespaces = {scope}"]
    lines += ["  gitops { repository = \"https://git.example.org/fleet.git\" }"]
    lines += [f"  network {{ policies = {chance.choice(['kubernetes', 'cilium'])} }}"]
    lines += _gateway(chance) + ["}"]
    answering = set()
    for name in environments:
        stage = {"dev": "development", "staging": "staging", "prod": "production"}[name]
        lines += [f"environment {name} {{", f"  stage = {stage}", '  region = "eu-central-1"', '  account = "111122223333"']
        if chance.random() < 0.5:
            lines.append('  network.data_cidrs = ["10.20.0.0/16", "10.21.0.0/16"]')
        if chance.random() < 0.5:
            lines.append('  network.cloud_cidrs = ["10.22.0.0/16", "10.23.0.0/16"]')
            answering.add(name)
        lines.append("}")
    (root / "platform" / "platform.idp").write_text("\n".join(lines) + "\n")
    services = _services(chance)
    (root / "services.idp").write_text("\n".join(services) + "\n")
    # Owner and system come first, then where an external service is.
    hosts = {
        line.split()[1]: services[at + 3].split('"')[1]
        for at, line in enumerate(services)
        if line.startswith("service ") and " : external " in line
    }
    return environments, network.Known(hosts, answering)


def _gateway(chance: random.Random) -> list[str]:
    lines = [f"    routes = {chance.choice(['gateway_api', 'ingress'])}"]
    lines += [f"    dns = {chance.choice(['external_dns', 'none'])}"]
    lines += [f"    certificates = {chance.choice(['cert_manager', 'none'])}"]
    return ["  gateway {", *lines, '    grpc."controller.example.org/protocol" = "GRPC"', "  }"]


def _services(chance: random.Random) -> list[str]:
    lines = ["team crew {}", "system alpha { owner = crew }", "system beta { owner = crew }"]
    lines += ["resource ledger : postgres { owner = crew }", "resource news : topic { owner = crew }"]
    names = [f"s{number}" for number in range(chance.randint(2, 8))]
    # A service calls only those before it, so that no ring of required calls comes about.
    callable_: list[str] = []
    for name in names:
        path = chance.choice(["web", "web", "web", "worker", "cron", "external"])
        lines += [f"service {name} : {path} {{", "  owner = crew", f"  system = {chance.choice(['alpha', 'beta'])}"]
        if path == "external":
            host = chance.choice([f"{name}.example.org", f"198.51.100.{len(callable_) + 1}"])
            lines += [f'  host = "{host}"', "  port = 443", "}"]
            callable_.append(name)
            continue
        lines.append(f"  language = {chance.choice(['go', 'java', 'node', 'python', 'rust'])}")
        if path == "web":
            lines += [f"  port = {chance.choice([8080, 9000])}", f"  protocol = {chance.choice(['http', 'grpc'])}"]
        if path == "cron":
            lines.append('  schedule = "0 3 * * *"')
        if chance.random() < 0.4:
            lines.append("  metrics { port = 9464 }")
        if path != "cron" and chance.random() < 0.3:
            lines.append('  migrate = ["/app/migrate"]')
        lines += _needs(name, path, chance) + _calls(callable_, chance) + ["}"]
        if path == "web":
            callable_.append(name)
    return lines


def _needs(service: str, path: str, chance: random.Random) -> list[str]:
    kinds = [kind for kind in KINDS if chance.random() < 0.25 and (kind != "domain" or path == "web")]
    lines = [f"    n{at} = {kind} {{ {FIELDS.get(kind, '').format(entry=f'n{at}', service=service)} }}" for at, kind in enumerate(kinds)]
    if chance.random() < 0.3:
        lines.append(f"    books = ledger {{ access = {chance.choice(['read', 'write', 'read_write'])} }}")
    if chance.random() < 0.3:
        lines.append("    wire = news { access = write }")
    return ["  needs {", *lines, "  }"] if lines else []


def _calls(known: list[str], chance: random.Random) -> list[str]:
    chosen = [name for name in known if chance.random() < 0.4]
    lines = [f"    {name} {{ required = {chance.choice(['true', 'false'])} }}" for name in chosen]
    return ["  calls {", *lines, "  }"] if lines else []


if __name__ == "__main__":
    sys.exit(main())
