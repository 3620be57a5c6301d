"""Load: wrk where there is one, else a few processes of our own that keep their lines open."""

import http.client
import random
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

CONNECTIONS = 16
CLIENTS = 2

SCRIPT = """
math.randomseed(os.time())
function request()
  return "GET / HTTP/1.1\\r\\nHost: b" .. math.random(0, {count} - 1) .. "{suffix}:{port}\\r\\n"
    .. "Accept-Encoding: gzip\\r\\nAccept-Language: en\\r\\n\\r\\n"
end
"""


class Faulty(RuntimeError):
    """Some answers were not 200: the measurement says nothing."""


def rate(port: int, hosts: int, suffix: str, seconds: float) -> float:
    """Ask for the home page of a random one of so many hosts; return the answers a second."""
    if shutil.which("wrk") is None:
        return _own_rate(port, hosts, suffix, seconds)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "hosts.lua"
        script.write_text(SCRIPT.format(count=hosts, suffix=suffix, port=port), encoding="ascii")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(script), f"http://127.0.0.1:{port}/"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    if found is None or "Non-2xx" in told:
        raise Faulty(told)
    return float(found[1])


def _own_rate(port: int, hosts: int, suffix: str, seconds: float) -> float:
    with ProcessPoolExecutor(CLIENTS) as pool:
        jobs = [pool.submit(_ask, port, hosts, suffix, seconds) for _ in range(CLIENTS)]
        return sum(job.result() for job in jobs)


def _ask(port: int, hosts: int, suffix: str, seconds: float) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    until, count, begun = time.monotonic() + seconds, 0, time.monotonic()
    while time.monotonic() < until:
        host = f"b{random.randrange(hosts)}{suffix}:{port}"
        line.request("GET", "/", headers={"Host": host, "Accept-Encoding": "gzip", "Accept-Language": "en"})
        answer = line.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise Faulty(str(answer.status))
        count += 1
    line.close()
    return count / (time.monotonic() - begun)
