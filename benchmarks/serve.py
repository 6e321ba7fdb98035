"""The server as a reader meets it: first page after start, a change of settings to its new page, memory, many clients.

python benchmarks/serve.py [STUDY] [--moves 1000] [--clients 20]
Starts `codon12 serve` as a process and speaks to it over HTTP, as the browser does: 202 means "being made", and is
asked again after a twentieth of a second. Figures come after the numbers, as the browser asks for them. Times are wall
time, p95 over the moves; processor time of all threads stands beside, for a machine that does other work too.
"""

from __future__ import annotations

import argparse
import html
import http.client
import os
import re
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[1]


class Server:
    def __init__(self, study: Path) -> None:
        self.begun = time.perf_counter()
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "codon12", "serve", str(study)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        link = urlsplit(self.process.stdout.readline().strip())
        self.port = link.port
        self.cookie = ""
        answer = self.ask(f"{link.path}?{link.query}")
        self.cookie = answer[1].split(";")[0]

    def ask(self, target: str) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", target, headers={"Cookie": self.cookie} if self.cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheader("set-cookie") or "", body

    def get(self, target: str) -> tuple[float, bytes]:
        """Seconds until the page is there, and the page."""
        begun = time.perf_counter()
        while True:
            status, _, body = self.ask(target)
            if status == 200:
                return time.perf_counter() - begun, body
            assert status == 202, (status, target)
            time.sleep(0.05)

    def figure(self, target: str) -> tuple[float, float]:
        """Seconds until a page's numbers are there, and until its first figure is."""
        begun = time.perf_counter()
        numbers, page = self.get(target)
        places = re.findall(rb'class="later" data-src="([^"]+)"', page)
        if places:
            self.get(html.unescape(places[0].decode()))
        return numbers, time.perf_counter() - begun

    def memory(self) -> float:
        """Resident memory, MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(x for x in status.splitlines() if x.startswith("VmRSS")).split()[1]) / 1024

    def cpu(self) -> float:
        """Seconds of processor time so far, all threads: what the times would be on an idle machine, at most."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def moves(self, name: str, targets: list[str]) -> None:
        """Ask for pages one after the other, and print how long they took."""
        before = self.cpu()
        seconds = [self.figure(t) for t in targets]
        spread(f"{name}: numbers", [s for s, _ in seconds])
        spread("    and the first figure", [s for _, s in seconds])
        print(f"    processor: {1000 * (self.cpu() - before) / len(targets):.0f} ms a page with its first figure")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def spread(name: str, seconds: list[float]) -> None:
    ms = sorted(1000 * s for s in seconds)
    p95 = ms[max(0, round(0.95 * len(ms)) - 1)]
    print(f"{name}: n {len(ms)}, median {statistics.median(ms):.0f} ms, p95 {p95:.0f} ms, most {ms[-1]:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", nargs="?", type=Path, default=ROOT / "examples" / "codebreak100")
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=20)
    options = parser.parse_args()
    server = Server(options.study)
    try:
        server.ask("/")
        print(f"first page: {time.perf_counter() - server.begun:.2f} s after start, processor {server.cpu():.2f} s")
        server.get("/s/1/")
        told = f"{time.perf_counter() - server.begun:.2f} s after start, processor {server.cpu():.2f} s"
        print(f"whole report: {told}, {server.memory():.0f} MiB")
        server.get("/s/1/cutoffs?show=response&show=os")
        time.sleep(8)  # as long as a reader looks at the page
        for show in (("response",), ("os",), ("response", "pfs", "os")):
            tail = urlencode([("show", s) for s in show])
            server.moves(
                f"cohort moved, {' and '.join(show)}",
                [f"/s/1/cohort?{urlencode({'step': f'AGE >= {a}'})}&{tail}" for a in range(45, 70)],
            )
        server.get("/s/1/cutoffs?cut=AGE&at=49&show=response")
        server.moves(
            "cut moved, response and survival of two groups",
            [f"/s/1/cutoffs?cut=AGE&at={a}&show=response" for a in range(50, 75)],
        )
        ahead = ("confirmation=no", "evaluator=investigator", "censoring=ema", "censoring=fda")
        server.moves("policy switched, derived ahead", [f"/s/1/cutoffs?{s}&show=response" for s in ahead])
        now = ("censoring=admiralonco", "recist=admiralonco", "recist=recist_1_1", "confirmation=no&censoring=ema")
        server.moves("policy switched, derived now", [f"/s/1/cutoffs?{s}&show=response" for s in now])
        server.moves("number opened", [f"/s/1/number?id=orr.central.all&x={i}" for i in range(50)])
        before = server.memory()
        for i in range(options.moves):
            step = urlencode({"step": f"AGE >= {40 + (i % 397) / 10}"})
            server.get(f"/s/1/cohort?{step}&show=os")
            if i in (options.moves // 4, options.moves // 2):
                print(f"memory after {i} moves: {server.memory():.0f} MiB")
        print(f"memory before {options.moves} moves {before:.0f} MiB, after {server.memory():.0f} MiB")
        with ThreadPoolExecutor(options.clients) as pool:
            begun = time.perf_counter()
            targets = [
                f"/s/1/cohort?{urlencode({'step': f'AGE >= {45 + i % 25}'})}&show=os"
                for i in range(options.clients * 10)
            ]
            seconds = [t for t, _ in pool.map(server.get, targets)]
        spread(f"{options.clients} clients at once", seconds)
        print(f"{len(targets) / (time.perf_counter() - begun):.0f} pages a second")
    finally:
        server.end()


if __name__ == "__main__":
    main()
