"""System libraries and the virtual environment, made once and recognised by a stamp."""

import ctypes.util
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from storefront.machine.places import PYTHON, ROOT, VENV, is_there
from storefront.machine.speech import CannotGoOnError, say, step

SERVING = ("base", "embedded")
TESTING = ("base", "embedded", "dev")
NODE = "node"  # installed for a moment where npm is needed and the machine has none
SYSTEM_PYTHON = "/usr/bin/python3"
OPTIMISED = "--enable-optimizations"
BUILT_WITH = sysconfig.get_config_var("CONFIG_ARGS") or ""
PANGO = "libpangoft2-1.0-0"  # brings HarfBuzz, fontconfig and DejaVu by dependency: all that WeasyPrint needs


def missing_packages() -> list[str]:
    """Debian's names of the system packages that are missing here."""
    missing = [] if ctypes.util.find_library("pangoft2-1.0") else [PANGO]
    if not is_there(PYTHON) and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")  # Debian ships python3 without it
    return missing


def installing(packages: Sequence[str]) -> list[str]:
    """The command that installs Debian packages here; an empty list where no known installer exists."""
    if sys.platform == "darwin":
        return ["brew", "install", "pango"] if shutil.which("brew") else []
    if shutil.which("apt-get"):
        return ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return []


def may_install() -> list[str] | None:
    """The prefix that gives the right to install: nothing for root, sudo where it asks nothing, else None."""
    if os.geteuid() == 0 or sys.platform == "darwin":
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install_packages(packages: Sequence[str]) -> bool:
    """Install Debian packages (or Pango by Homebrew); False where we may not or it failed."""
    prefix, command = may_install(), installing(packages)
    if prefix is None or not command:
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if command[0] == "apt-get":
        subprocess.run([*prefix, "apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
    done = subprocess.run([*prefix, *command], env=environment, check=False, stdout=subprocess.DEVNULL)
    return done.returncode == 0


def need_system_libraries() -> None:
    """Install what Python packages cannot bring; raise with the exact command where we may not."""
    missing = missing_packages()
    if not missing:
        return
    if installing(missing) and may_install() is not None:
        with step("installing system libraries: " + " ".join(missing)):
            if install_packages(missing):
                return
    command = installing(missing)
    if not command:
        sentence = "Pango 1.44 or newer and Python's venv module are needed: install them, then run this again."
        raise CannotGoOnError(sentence)
    prefix = "" if sys.platform == "darwin" else "sudo "
    sentence = (
        "System libraries are missing. Please run this once, then start again:\n    " + prefix + " ".join(command)
    )
    raise CannotGoOnError(sentence)


def wanted_stamp(lock: Path, environment: Path) -> str:
    """What the virtual environment must be stamped with: this lock, installed for the Python it stands on."""
    made_from = environment / "pyvenv.cfg"
    stands_on = os.path.realpath(environment / "bin" / "python")  # another one after an upgrade of the system
    told = lock.read_bytes() + (made_from.read_bytes() if made_from.exists() else b"") + stands_on.encode()
    return hashlib.sha256(told).hexdigest()


def is_stamped(environment: Path, groups: Sequence[str], locks: Path) -> bool:
    """Whether every group of packages is installed as its lock says."""
    if not is_there(environment / "bin" / "python"):
        return False
    for group in groups:
        stamp = environment / f".{group}.stamp"
        if not stamp.exists() or stamp.read_text() != wanted_stamp(locks / f"{group}.txt", environment):
            return False
    return True


def need_environment(groups: Sequence[str]) -> None:
    """Make the virtual environment hold these groups of packages; does nothing when the stamps are true."""
    need_system_libraries()
    locks = ROOT / "requirements"
    if is_stamped(VENV, groups, locks):
        return
    try:
        _bring_up(groups, locks)
    except PermissionError as error:
        sentence = f"{VENV} was made by another account. Remove it, or set VITRINE_VENV to a place of your own."
        raise CannotGoOnError(sentence) from error


def _bring_up(groups: Sequence[str], locks: Path) -> None:
    VENV.mkdir(parents=True, exist_ok=True)
    with (VENV / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once: the second waits and finds it done
        if is_stamped(VENV, groups, locks):
            return
        if not _is_usable():
            with step(f"making the virtual environment in {VENV}"):
                _make_environment()
        missing = [group for group in groups if not is_stamped(VENV, [group], locks)]
        with step("installing packages: " + ", ".join(missing)):
            _install(missing, locks)


def _is_usable() -> bool:
    """Whether its Python runs and is the one its packages were installed for."""
    if not is_there(PYTHON):
        return False
    asking = "import sys; print(*sys.version_info[:2], sep='.')"
    asked = subprocess.run([PYTHON, "-c", asking], capture_output=True, text=True, check=False)
    version = asked.stdout.strip()
    return asked.returncode == 0 and (VENV / "lib" / f"python{version}").is_dir()


def _make_environment() -> None:
    for old in VENV.iterdir():  # not --clear: the lock file in it is held
        if old.name != ".lock":
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    uv = shutil.which("uv")
    command = [python_to_stand_on(), "-m", "venv", *(["--without-pip"] if uv else []), str(VENV)]
    if subprocess.run(command, check=False).returncode:
        sentence = f"The virtual environment could not be made. Remove {VENV} and run this again."
        raise CannotGoOnError(sentence)


def python_to_stand_on(system: str = SYSTEM_PYTHON, built_with: str = BUILT_WITH) -> str:
    """Return the Python for the environment: the one that runs this, or the system's of the same version.

    Version managers build Python without optimisation, and everything takes a quarter longer on it. Distributions never
    do, though they do not say so among their settings: so theirs is taken where ours is not known to be a quick one.
    macOS has none of its own: what stands there asks people to install tools.
    """
    if sys.platform != "linux" or OPTIMISED in built_with:
        return sys.executable
    asking = "import ensurepip, sys, venv; print(*sys.version_info[:2])"
    try:
        asked = subprocess.run([system, "-c", asking], capture_output=True, text=True, check=False)
    except OSError:
        return sys.executable
    ours = f"{sys.version_info[0]} {sys.version_info[1]}"
    return system if asked.returncode == 0 and asked.stdout.strip() == ours else sys.executable


def _install(groups: Sequence[str], locks: Path) -> None:
    files = [part for group in groups for part in ("-r", str(locks / f"{group}.txt"))]
    if not _installed_by_uv(files) and not _installed_by_pip(files):
        sentence = "The packages could not be installed: see the lines above, then run this again."
        raise CannotGoOnError(sentence)
    for group in groups:
        (VENV / f".{group}.stamp").write_text(wanted_stamp(locks / f"{group}.txt", VENV))
    say("  packages are in place")


def _installed_by_uv(files: Sequence[str]) -> bool:
    uv = shutil.which("uv")
    if uv is None:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", *files]
    if subprocess.run(command, check=False).returncode == 0:
        return True
    say("  uv could not; it does not read pip's settings, so pip tries")
    return False


def _installed_by_pip(files: Sequence[str]) -> bool:
    if next(VENV.glob("lib/python*/site-packages/pip"), None) is None:
        subprocess.run([PYTHON, "-m", "ensurepip"], check=False, stdout=subprocess.DEVNULL)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--root-user-action=ignore"]
    return subprocess.run([*command, "--require-hashes", *files], check=False).returncode == 0
