"""Shout when the tests of HTTPS did not run: a green run without them proves less than it seems to."""

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many did not run, and why."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    silent = [told for told in skipped if "edge: " in told]
    if silent:
        reason = silent[0].partition("edge: ")[2].rstrip("')\"")
        terminalreporter.write_line(f"{len(silent)} TESTS OF HTTPS DID NOT RUN: {reason}", yellow=True, bold=True)
