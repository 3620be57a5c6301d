"""Load: wrk where there is one, else a few processes of our own that keep their lines open."""

import http.client
import random
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
CLIENTS = 2

SCRIPT = """
math.randomseed(os.time())
function request()
  return "GET {path} HTTP/1.1\\r\\nHost: {before}" .. math.random(0, {count} - 1) .. "{after}:{port}\\r\\n"
    .. "Accept-Encoding: gzip\\r\\nAccept-Language: en\\r\\n{headers}\\r\\n"
end
"""
ONE_HOST = """
function request()
  return "GET {path} HTTP/1.1\\r\\nHost: {before}:{port}\\r\\n"
    .. "Accept-Encoding: gzip\\r\\nAccept-Language: en\\r\\n{headers}\\r\\n"
end
"""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is asked for: a path, on a random one of so many hosts, or always on the one called ``before``."""

    before: str = "b"
    after: str = ".bench.localhost"
    hosts: int = 10
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()

    def host(self) -> str:
        """Return one of the hosts."""
        return f"{self.before}{random.randrange(self.hosts)}{self.after}" if self.hosts > 1 else self.before


class Faulty(RuntimeError):
    """Some answers were not 200: the measurement says nothing."""


def rate(port: int, visit: Visit, seconds: int) -> float:
    """Ask for so long over sixteen lines; return the answers a second."""
    if shutil.which("wrk") is None:
        return _own_rate(port, visit, seconds)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "hosts.lua"
        text = SCRIPT if visit.hosts > 1 else ONE_HOST
        headers = "".join(f"{name}: {value}\\r\\n" for name, value in visit.headers)
        filled = text.format(
            path=visit.path, before=visit.before, after=visit.after, count=visit.hosts, port=port, headers=headers
        )
        script.write_text(filled, encoding="ascii")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}/"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    if found is None or "Non-2xx" in told:
        raise Faulty(told)
    return float(found[1])


def _own_rate(port: int, visit: Visit, seconds: int) -> float:
    with ProcessPoolExecutor(CLIENTS) as pool:
        jobs = [pool.submit(_ask, port, visit, seconds) for _ in range(CLIENTS)]
        return sum(job.result() for job in jobs)


def _ask(port: int, visit: Visit, seconds: int) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    begun = time.monotonic()
    count = 0
    while time.monotonic() < begun + seconds:
        host = f"{visit.host()}:{port}"
        usual = {"Host": host, "Accept-Encoding": "gzip", "Accept-Language": "en"}
        line.request("GET", visit.path, headers={**usual, **dict(visit.headers)})
        answer = line.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise Faulty(str(answer.status))
        count += 1
    line.close()
    return count / (time.monotonic() - begun)
