"""What a worker for pages carries from its start: libraries that few answers need come with the first that does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Mebibytes each, in every worker of every machine.
HEAVY = ("httpx", "openpyxl", "dns", "weasyprint", "webauthn", "anyio", "xml.etree")


def test_a_worker_starts_without_what_few_answers_need() -> None:
    asked = f"import sys, storefront.app; print(*[each for each in {HEAVY!r} if each in sys.modules])"

    found = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )

    assert found.stdout.split() == []
