"""What was checked, by whom, and with what result."""

from __future__ import annotations

import collections
import dataclasses
import enum


class Result(enum.Enum):
    """What a consumer said about one subject."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclasses.dataclass(frozen=True)
class Check:
    """One subject (a file, a document, an alert) at one consumer."""

    consumer: str
    subject: str
    result: Result
    text: str = ""


class Report:
    """The checks of one tree, or of all."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.notes: dict[str, None] = {}

    def passed(self, consumer: str, subject: str) -> None:
        """The consumer accepted the subject."""
        self.checks.append(Check(consumer, subject, Result.PASSED))

    def failed(self, consumer: str, subject: str, text: str) -> None:
        """The consumer rejected the subject and said `text`."""
        self.checks.append(Check(consumer, subject, Result.FAILED, text))

    def skipped(self, consumer: str, subject: str, text: str) -> None:
        """The consumer is not to be had here; `text` says why."""
        self.checks.append(Check(consumer, subject, Result.SKIPPED, text))

    def verdict(self, consumer: str, subject: str, problem: str) -> None:
        """Passed where there is no problem, failed where there is one."""
        if problem:
            self.failed(consumer, subject, problem)
        else:
            self.passed(consumer, subject)

    def note(self, text: str) -> None:
        """Something a reader should see that is no failure, said once."""
        self.notes[text] = None

    def failures(self) -> list[Check]:
        """The failed checks, in the order in which they were made."""
        return [check for check in self.checks if check.result is Result.FAILED]

    def count(self, result: Result) -> int:
        """How many checks ended with this result."""
        return sum(check.result is result for check in self.checks)

    def table(self) -> list[str]:
        """One line per consumer, then every failure, then what was skipped and why."""
        counts: dict[str, collections.Counter[Result]] = {}
        for check in self.checks:
            counts.setdefault(check.consumer, collections.Counter())[check.result] += 1
        width = max((len(consumer) for consumer in counts), default=0)
        lines = []
        for consumer, results in sorted(counts.items()):
            said = ", ".join(f"{results[result]} {result.value}" for result in Result if results[result])
            lines.append(f"  {consumer:<{width}}  {said}")
        for check in self.failures():
            lines.append(f"  FAILED {check.consumer}: {check.subject}")
            lines += [f"      {line}" for line in check.text.strip().splitlines()]
        skipped = collections.Counter(
            (check.consumer, check.text) for check in self.checks if check.result is Result.SKIPPED
        )
        for (consumer, text), count in sorted(skipped.items()):
            lines.append(f"  SKIPPED {consumer}: {count} × {text}")
        lines += [f"  note: {note}" for note in self.notes]
        return lines
