"""./run messages: collect what is to be translated, bring the catalogues up to date, compile them, check them."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from storefront.machine.children import base_environment, tool
from storefront.machine.environment import TESTING, need_environment
from storefront.machine.places import ROOT
from storefront.machine.speech import CannotGoOnError, say, warn

CATALOGUES = ROOT / "translations"
TEMPLATE = CATALOGUES / "messages.pot"
SOURCES = ("storefront", "tenants", "frames", "cms", "themes")
LANGUAGES = ("fr", "pl", "de")
KEYWORDS = (
    *("_", "gettext", "ngettext:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "lazy_gettext", "lazy_ngettext:1,2"),
    # Where a module needs both kinds, ``_`` is the one that speaks at once and ``_later`` the lazy one.
    "_later",
    # The lazy one for libraries that insist on being given a text: labels of forms.
    "lazy_words",
)
STATISTICS = re.compile(r"(\d+) of (\d+) messages \(\d+%\) translated in (\S+)")


BLANK_PLURAL = re.compile(r'^msgstr\[\d\] ""$(?!\n")', re.MULTILINE)


def messages(arguments: Sequence[str]) -> int:
    """Collect, update and compile; with --check change nothing and fail on what is missing, doubtful or broken."""
    need_environment(TESTING)
    if list(arguments) == ["--check"]:
        return check()
    if arguments:
        sentence = "./run messages takes nothing, or --check."
        raise CannotGoOnError(sentence)
    TEMPLATE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place) / "messages.pot"
        _extract(fresh)
        if not TEMPLATE.exists() or dateless(fresh.read_text()) != dateless(TEMPLATE.read_text()):
            TEMPLATE.write_text(fresh.read_text())
    for language in LANGUAGES:
        catalogue = _catalogue(language)
        verb = "update" if catalogue.exists() else "init"
        quiet = ["--ignore-pot-creation-date", "--no-fuzzy-matching"] if verb == "update" else []
        _babel(verb, "-i", str(TEMPLATE), "-d", str(CATALOGUES), "-l", language, "-w", "120", *quiet)
    compile_stale()
    faults = faults_of_catalogues()
    for fault in faults:
        say(f"  {fault}")
    say(
        "· catalogues are up to date" + (f"; {len(faults)} things are left to translate" if faults else " and complete")
    )
    return 0


def check() -> int:
    """Tell whether the catalogues hold exactly what the sources say, complete and without doubt."""
    if not TEMPLATE.exists():
        say("  no catalogue yet")
        return 0
    faults = faults_of_catalogues()
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place) / "messages.pot"
        _extract(fresh)
        if ids_of(fresh.read_text()) != ids_of(TEMPLATE.read_text()):
            faults.insert(0, "the sources have changed: ./run messages brings the catalogues up to date")
    for fault in faults:
        warn(f"  {fault}")
    return 1 if faults else 0


def compile_stale() -> None:
    """Compile catalogues that are newer than what was made of them; the results are never committed."""
    for source in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _babel("compile", "-i", str(source), "-o", str(made), "-l", source.parts[-3])


def faults_of_catalogues() -> list[str]:
    """What is missing, doubtful or broken in each language, a sentence each."""
    faults = [f"{language} has no catalogue" for language in LANGUAGES if not _catalogue(language).exists()]
    for language in LANGUAGES:
        catalogue = _catalogue(language)
        if catalogue.exists():
            told = _compile_told(catalogue)
            faults += faults_in(language, catalogue.read_text(), told)
    return faults


def faults_in(language: str, catalogue: str, told: str) -> list[str]:
    """What a catalogue's text, and what the compiler told of it, show to be wrong."""
    faults = []
    fuzzy = len(re.findall(r"^#,.*\bfuzzy\b", catalogue, re.MULTILINE))
    if fuzzy:
        faults.append(f"{language}: {fuzzy} doubtful (fuzzy)")
    plurals = len(BLANK_PLURAL.findall(catalogue))  # which the compiler takes for translated
    if plurals:
        faults.append(f"{language}: {plurals} plural forms not translated")
    for translated, total, _ in STATISTICS.findall(told):
        if translated != total:
            faults.append(f"{language}: {int(total) - int(translated)} of {total} not translated")
    return faults + [f"{language}: {line}" for line in told.splitlines() if line.startswith("error:")]


def dateless(template: str) -> str:
    """A catalogue's text without the moment it was made."""
    return re.sub(r'^"POT-Creation-Date: .*$', "", template, flags=re.MULTILINE)


def ids_of(template: str) -> list[str]:
    """The messages of a catalogue, without places and dates."""
    body = template.partition("\n\n")[2]
    kept = [line for line in body.splitlines() if line and not line.startswith("#")]
    return sorted("\n".join(kept).split("msgid "))


def _catalogue(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def _extract(to: Path) -> None:
    words = [part for keyword in KEYWORDS for part in ("-k", keyword)]
    shape = [
        "--add-location=file",
        "--sort-by-file",
        "-w",
        "120",
        "--project",
        "Vitrine",
        "--copyright-holder",
        "the authors of Vitrine",
        "--no-default-keywords",
    ]
    _babel("extract", "-F", "pyproject.toml", *words, *shape, "-o", str(to), *SOURCES)


def _compile_told(catalogue: Path) -> str:
    with tempfile.TemporaryDirectory() as place:
        command = tool("babel.messages.frontend", "compile", "--statistics", "-i", str(catalogue))
        command += ["-o", str(Path(place) / "out.mo"), "-l", catalogue.parts[-3]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=base_environment())
    return done.stdout + done.stderr


def _babel(*arguments: str) -> None:
    command = tool("babel.messages.frontend", "-q", *arguments)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=base_environment())
    if done.returncode:
        sentence = f"The catalogues could not be made:\n{done.stdout}{done.stderr}".rstrip()
        raise CannotGoOnError(sentence)
