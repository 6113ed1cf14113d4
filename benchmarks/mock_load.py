"""What the mock cloud's server answers a second, beside a bare handler and beside moto's server.

The load comes from wrk (https://github.com/wg/wrk), which is written in C: a client in Python would measure itself.
Every rule of the mock cloud is on, so the calls are authenticated and authorised. Answers a second are compared: the
median of several runs, taken in turns, so that what else the machine does falls on all alike. The processor time that a
server spends on an answer is reported beside them. Without wrk a client in Python makes the load, and that processor
time is compared: the client's own has no part in it.
"""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from benchmarks.mock_servers import PROJECT, TOKEN
from benchmarks.registry import Benchmark, Measurement

ROOT: Final = Path(__file__).resolve().parent.parent
MOTO: Final = ROOT / ".tools" / "moto" / "bin" / "moto_server"
COMPILED: Final = ROOT / ".tools" / "compiled"
SECONDS, CONNECTIONS, ROUNDS = 2, 16, 5
GET_SHARE, CREATE_SHARE, MOTO_TIMES = 0.25, 0.10, 5
"""How many of the bare handler's answers a second a get and a create must reach, and how many times moto's."""

_COUNT: Final = re.compile(r"([0-9]+) requests in ")
_RATE: Final = re.compile(r"Requests/sec:\s+([0-9.]+)")
_REFUSED: Final = re.compile(r"Non-2xx or 3xx responses: ([0-9]+)")
_START_SECONDS: Final = 30.0
_AWS: Final = "AWS4-HMAC-SHA256 Credential=mock/20260101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=mock"


@dataclass(frozen=True, kw_only=True)
class Load:
    """One kind of request, sent as fast as it is answered. `{n}` in path and body is another number each time."""

    path: str
    verb: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def script(self, thread: str) -> str:
        """Give the load as a script of wrk's."""
        headers = "".join(f"wrk.headers[{_lua(name)}] = {_lua(value)}\n" for name, value in self.headers.items())
        numbered = 'string.gsub({}, "{{n}}", number)'
        return (
            f"{headers}local count = 0\nfunction request()\n  count = count + 1\n"
            f"  local number = {_lua(thread)} .. count\n"
            f"  local path, body = {numbered.format(_lua(self.path))}, {numbered.format(_lua(self.body))}\n"
            f"  return wrk.format({_lua(self.verb)}, path, nil, body)\nend\n"
        )


def _lua(text: str) -> str:
    return json.dumps(text, ensure_ascii=True).replace("\\/", "/")


OWNER: Final = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
MODEL: Final = json.dumps(
    {
        "model": {
            "displayName": "a",
            "artifactUri": "gs://a/b",
            "containerSpec": {"imageUri": "us-docker.pkg.dev/a/b/c:1"},
        }
    }
)
FIRST: Final = "/v1/projects/acme/locations/us-central1/endpoints"
"""What is asked first: of the largest description, through an address that does not say of which API."""
BUCKETS: Final = f"/storage/v1/b?project={PROJECT}"
GET: Final = Load(path="/storage/v1/b/bucket-of-acme", headers=OWNER)
CREATE: Final = Load(path=BUCKETS, verb="POST", body='{"name":"bucket-{n}"}', headers=OWNER)
UPLOAD: Final = Load(
    path=f"/aiplatform/v1/projects/{PROJECT}/locations/us-central1/models:upload",
    verb="POST",
    body=MODEL,
    headers=OWNER,
)
S3: Final = {"Authorization": _AWS.format("s3")}
SAGEMAKER: Final = {
    "Authorization": _AWS.format("sagemaker"),
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "SageMaker.CreateModel",
}
HEAD_BUCKET: Final = Load(path="/bucket-of-acme", verb="HEAD", headers=S3)
CREATE_BUCKET: Final = Load(path="/bucket-{n}", verb="PUT", headers=S3)
CREATE_MODEL: Final = Load(
    path="/",
    verb="POST",
    headers=SAGEMAKER,
    body=json.dumps(
        {
            "ModelName": "model-{n}",
            "ExecutionRoleArn": "arn:aws:iam::123456789012:role/a",
            "PrimaryContainer": {"Image": "a"},
        }
    ),
)


@dataclass(frozen=True)
class Serving:
    """A server that runs.

    Attributes:
        port: On which port of this machine.
        process: Its process.
    """

    port: int
    process: int

    def processor_seconds(self) -> float:
        """Give the processor time that it has spent; the time of day where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(name: str) -> Iterator[Serving]:
    """Run one of `benchmarks.mock_servers` in a process of its own."""
    port = free_port()
    with running([sys.executable, "-m", "benchmarks.mock_servers", name, str(port)], port) as serving:
        yield serving


@contextmanager
def moto() -> Iterator[Serving]:
    """Run moto's server."""
    port = free_port()
    with running([str(MOTO), "-H", "127.0.0.1", "-p", str(port)], port) as serving:
        yield serving


def free_port() -> int:
    """Give a port of this machine that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
        return found


@contextmanager
def running(command: list[str], port: int) -> Iterator[Serving]:
    """Run a server in a process of its own, and give it when it has answered for the first time."""
    # An installed package is compiled; a checkout may not be, and some environments forbid to keep what was compiled.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own["PYTHONPYCACHEPREFIX"] = str(COMPILED)
    with subprocess.Popen(
        command, cwd=ROOT, env=own, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(port, process)
            yield Serving(port, process.pid)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{FIRST}", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            return  # a refusal is an answer too
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.005)
        else:
            return


@dataclass(frozen=True)
class Rate:
    """How a server took a load.

    Attributes:
        seconds: Processor time for an answer.
        answers: Answers a second.
    """

    seconds: float
    answers: float


def rate(serving: Serving, load: Load, seconds: int = SECONDS, thread: str = "a") -> Rate:
    """Load a server, with wrk where there is one.

    Raises:
        RuntimeError: Some requests were refused.
    """
    return (_rate_of_wrk if has_wrk() else _rate_of_python)(serving, load, seconds, thread)


def _rate_of_python(serving: Serving, load: Load, seconds: int, thread: str) -> Rate:
    before, start, count = serving.processor_seconds(), time.monotonic(), 0
    with closing(HTTPConnection("127.0.0.1", serving.port, timeout=30)) as connection:
        while (passed := time.monotonic() - start) < seconds:
            count += 1
            _send(connection, load, f"{thread}{count}")
    return Rate((serving.processor_seconds() - before) / count, count / passed)


def _rate_of_wrk(serving: Serving, load: Load, seconds: int, thread: str) -> Rate:
    before = serving.processor_seconds()
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(load.script(thread))
        script.flush()
        url = f"http://127.0.0.1:{serving.port}"
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    spent = serving.processor_seconds() - before
    count, found, refused = _COUNT.search(done.stdout), _RATE.search(done.stdout), _REFUSED.search(done.stdout)
    if count is None or found is None or refused is not None:
        raise RuntimeError(f"{load.verb} {load.path} was refused: {done.stdout}{done.stderr}")
    if int(count[1]) == 0:
        raise RuntimeError(f"{load.verb} {load.path} had no answer in {seconds} s; run again on a machine that is idle")
    return Rate(spent / int(count[1]), float(found[1]))


def medians(loads: Mapping[str, tuple[Serving, Load]], rounds: int = ROUNDS) -> dict[str, Rate]:
    """Give the medians of several runs of each load, taken in turns."""
    found: dict[str, list[Rate]] = {name: [] for name in loads}
    for number in range(rounds):
        for name, (serving, load) in loads.items():
            found[name].append(rate(serving, load, thread=f"{name[0]}{number}x"))
    return {
        name: Rate(statistics.median(each.seconds for each in rates), statistics.median(each.answers for each in rates))
        for name, rates in found.items()
    }


def _once(serving: Serving, load: Load) -> None:
    with closing(HTTPConnection("127.0.0.1", serving.port, timeout=30)) as connection:
        _send(connection, load, "0")


def _send(connection: HTTPConnection, load: Load, number: str) -> None:
    path, body = (each.replace("{n}", number) for each in (load.path, load.body))
    connection.request(load.verb, path, body.encode(), dict(load.headers))
    answer = connection.getresponse()
    answer.read()
    if answer.status >= 400:  # noqa: PLR2004 - the first status that refuses
        raise RuntimeError(f"{load.verb} {load.path} was refused")


def _compared(judged: str, baseline: str, rates: Mapping[str, Rate]) -> Measurement:
    ours, theirs = rates[judged], rates[baseline]
    return Measurement(
        seconds=1 / ours.answers if has_wrk() else ours.seconds,
        baseline_seconds=1 / theirs.answers if has_wrk() else theirs.seconds,
        details={
            "answers a second compared (0: processor time, as there is no wrk)": float(has_wrk()),
            **{f"{name}/s": each.answers for name, each in rates.items()},
            **{f"µs for one of {name}": each.seconds * 1e6 for name, each in rates.items()},
        },
    )


def measure_get() -> Measurement:
    """Compare gets of a bucket with the bare handler."""
    with server("bare") as bare, server("mock") as mock:
        _once(mock, Load(path=BUCKETS, verb="POST", body='{"name":"bucket-of-acme"}', headers=OWNER))
        return _compared("gets", "bare", medians({"bare": (bare, GET), "gets": (mock, GET)}))


def measure_create() -> Measurement:
    """Compare creations of buckets with the bare handler."""
    with server("bare") as bare, server("mock") as mock:
        return _compared("creates", "bare", medians({"bare": (bare, CREATE), "creates": (mock, CREATE)}))


def measure_moto() -> Measurement:
    """Compare with moto: the pair that is least in our favour counts."""
    pairs = {
        "buckets.get": (GET, HEAD_BUCKET),
        "buckets.insert": (CREATE, CREATE_BUCKET),
        "models.upload": (UPLOAD, CREATE_MODEL),
    }
    with server("mock") as mock, moto() as theirs:
        _once(mock, Load(path=BUCKETS, verb="POST", body='{"name":"bucket-of-acme"}', headers=OWNER))
        _once(theirs, Load(path="/bucket-of-acme", verb="PUT", headers=S3))
        found = {}
        for name, (ours, other) in pairs.items():
            found[name] = medians({"mock cloud": (mock, ours), "moto": (theirs, other)})
    measured = {name: _compared("mock cloud", "moto", rates) for name, rates in found.items()}
    least = max(measured, key=lambda name: measured[name].ratio)
    flat = {f"{name}, {whose}": each for name, rates in found.items() for whose, each in rates.items()}
    return _compared(f"{least}, mock cloud", f"{least}, moto", flat)


def has_wrk() -> bool:
    """Whether wrk is on the PATH: Debian and Homebrew have it as `wrk`."""
    return shutil.which("wrk") is not None


def missing_moto() -> str:
    """Say why moto cannot be measured, "" if it can."""
    return "" if MOTO.is_file() else "moto is not at hand: `make moto` installs it"


LOAD_GET = Benchmark(
    name="mock-get",
    judged="a get of the mock cloud's server, all rules on",
    baseline="an answer of a bare uvicorn handler",
    limit=1 / GET_SHARE,
    measure=measure_get,
)

LOAD_CREATE = Benchmark(
    name="mock-create",
    judged="a creation by the mock cloud's server, all rules on",
    baseline="an answer of a bare uvicorn handler",
    limit=1 / CREATE_SHARE,
    measure=measure_create,
)

LOAD_MOTO = Benchmark(
    name="mock-moto",
    judged="a call of the mock cloud's server, all rules on, that does least better",
    baseline="its like on moto's server",
    limit=1 / MOTO_TIMES,
    measure=measure_moto,
    missing=missing_moto,
)
