"""The server as a process: what only a socket can show."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import codon12

pytest.importorskip("uvicorn", reason="the extra codon12[serve] is not installed")

from ..report.studies import write_study  # noqa: TID252 - the tests are no package
from ..serve.client import short_plan  # noqa: TID252

pytestmark = pytest.mark.slow
OURS = {**os.environ, "PYTHONPATH": str(Path(codon12.__file__).parents[1])}
"""The package under test, wherever the server is started."""


class Server:
    def __init__(self, study: Path, *options: str, cwd: Path, enter: bool = True) -> None:
        command = [sys.executable, "-m", "codon12", "serve", str(study), *options]
        self.log = (cwd / "log").open("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=cwd, env=OURS)
        self.link = urlsplit(self.process.stdout.readline().strip())
        self.port = self.link.port
        self.cookie = ""
        if not enter:
            return
        answer, _ = self.ask(f"{self.link.path}?{self.link.query}", cookie="")
        self.cookie = answer.getheader("set-cookie").split(";")[0]

    def ask(self, target, *, cookie=None, method="GET", body=None, headers=(), timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Cookie": self.cookie if cookie is None else cookie, **dict(headers)}
        connection.request(method, target, body=body, headers=sent)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer, read

    def get(self, target):
        while True:
            answer, body = self.ask(target)
            if answer.status != 202:
                return answer.status, body
            time.sleep(0.2)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return short_plan(write_study(tmp_path_factory.mktemp("study"), [f"S-{i:03d}" for i in range(10)]))


@pytest.fixture
def server(study, tmp_path):
    running = Server(study, cwd=tmp_path)
    yield running
    running.end()


def test_it_listens_on_this_machine_alone(server):
    listening = []
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            place, state = line.split()[1], line.split()[3]
            if state == "0A" and int(place.split(":")[1], 16) == server.port:
                listening.append(place.split(":")[0])
    assert listening == ["0100007F"]


def test_who_sends_a_byte_now_and_then_delays_nobody(server):
    assert server.get("/s/1/")[0] == 200
    slow = []
    for _ in range(150):
        one = socket.create_connection(("127.0.0.1", server.port))
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
        slow.append(one)
    begun = time.monotonic()
    while time.monotonic() - begun < 14:
        for one in slow[:10]:
            with contextlib.suppress(OSError):
                one.sendall(b"a")
        at = time.monotonic()
        assert server.get("/s/1/")[0] == 200
        assert time.monotonic() - at < 3
        time.sleep(1)
    closed = 0
    for one in slow:
        one.settimeout(2)
        try:
            closed += one.recv(1) == b""
        except ConnectionError:
            closed += 1
        except TimeoutError:
            pass
        one.close()
    assert closed == len(slow)


def test_a_body_that_never_comes_is_given_up(server):
    one = socket.create_connection(("127.0.0.1", server.port))
    head = (
        f"POST /check HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: http://127.0.0.1:{server.port}\r\n"
        f"Cookie: {server.cookie}\r\nContent-Length: 1000\r\n\r\ntext="
    )
    one.sendall(head.encode())
    one.settimeout(40)
    assert b" 408 " in one.recv(200)
    one.close()
    assert server.get("/")[0] == 200


def test_heads_without_end_are_refused(server):
    one = socket.create_connection(("127.0.0.1", server.port))
    one.settimeout(20)
    try:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: " + b"a" * 4_000_000)
        assert one.recv(100).startswith(b"HTTP/1.1 4")
    except ConnectionError:
        pass
    one.close()
    assert server.get("/")[0] == 200


def test_a_thousand_at_once_are_answered(server):
    assert server.get("/s/1/")[0] == 200

    def one(i):
        for _ in range(20):
            try:
                return server.ask("/" if i % 2 else "/s/1/")[0].status
            except ConnectionError:
                time.sleep(0.1)
        return None

    with ThreadPoolExecutor(200) as pool:
        found = list(pool.map(one, range(1000)))
    assert set(found) == {200}
    assert server.get("/")[0] == 200


def test_a_kill_while_saving_leaves_whole_files_or_none(study, tmp_path):
    saved = tmp_path / "codon12-saved" / "looks.jsonl"
    for round_ in range(3):
        server = Server(study, cwd=tmp_path)
        server.get("/s/1/")
        stop = threading.Event()

        def save(server=server, stop=stop):
            while not stop.is_set():
                try:
                    server.ask("/save", method="POST", body="what=looks",
                               headers={"Origin": f"http://127.0.0.1:{server.port}"}.items())  # fmt: skip
                except OSError:
                    return

        threads = [threading.Thread(target=save) for _ in range(4)]
        for t in threads:
            t.start()
        time.sleep(0.5 + 0.1 * round_)
        os.kill(server.process.pid, signal.SIGKILL)
        stop.set()
        for t in threads:
            t.join()
        server.end()
        if saved.exists():
            text = saved.read_text()
            assert text == "" or text.endswith("}\n")
    server = Server(study, cwd=tmp_path)
    assert server.get("/s/1/")[0] == 200
    server.end()


def test_an_interrupt_ends_it_quietly(server):
    server.get("/")
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) is not None
    server.log.seek(0)
    assert "Traceback" not in server.log.read()


def test_a_port_that_is_taken_is_a_clear_error(server, study):
    command = [sys.executable, "-m", "codon12", "serve", str(study), "--port", str(server.port)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=OURS)
    assert answer.returncode == 2
    assert "--port" in answer.stderr
    assert answer.stdout == ""
