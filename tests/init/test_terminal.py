"""The questions of ``codon12 init``, asked and answered on a terminal."""

import os
import pty
import select
import signal
import sys
import time

import pytest

ROWS = (
    "Patient,Sex,Age,Treatment start,Date of death,Last contact\n"
    "1,F,61,03/04/2021,,2022-01-01\n2,F,62,05/06/2021,,2022-01-02\n3,M,63,07/08/2021,,2022-01-03\n"
)
RUN = "import sys; from codon12.cli import main; main(sys.argv[1:])"
PROMPT = "Number"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "a.csv").write_text(ROWS)
    return tmp_path


def on_terminal(*arguments, replies=()):
    """Run codon12 on a terminal of its own, giving a reply to each prompt; what it printed, and its exit code."""
    child, master = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a background job may have it ignored
        os.execv(sys.executable, [sys.executable, "-c", RUN, *map(str, arguments)])
    printed, waiting, until = b"", list(replies), time.monotonic() + 60
    asked = 0
    while time.monotonic() < until:
        ready, _, _ = select.select([master], [], [], 1)
        if ready:
            try:
                some = os.read(master, 4096)
            except OSError:  # the terminal closed
                break
            if not some:
                break
            printed += some
        elif asked and replies[-1] == b"\x03":
            os.write(master, replies[-1])  # the first may have come before the prompt was waiting
        if waiting and printed.count(PROMPT.encode()) > asked and printed.rstrip().endswith(b":"):
            asked = printed.count(PROMPT.encode())
            os.write(master, waiting.pop(0))
    os.close(master)
    return printed.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_reply_settles_the_order_of_dates(home):
    printed, code = on_terminal("init", home, replies=[b"1\n"])
    assert code == 0
    assert "Dates such as 03/04/2021 can be read in two orders. Which is it?" in printed
    assert "1  %d/%m/%Y" in printed
    assert '"Treatment start" = "%d/%m/%Y"' in (home / "codon12.toml").read_text()


def test_a_wrong_reply_is_asked_again_and_an_empty_one_leaves_it_open(home):
    printed, code = on_terminal("init", home, replies=[b"9\n", b"\n"])
    assert code == 0
    assert printed.count(PROMPT) == 2
    assert '\n# TRTSDT = "Treatment start"' in (home / "codon12.toml").read_text()
    assert "open: a.csv, Treatment start" in printed


def test_ctrl_c_leaves_nothing_behind(home):
    printed, code = on_terminal("init", home, replies=[b"\x03"])
    assert code == 2, printed  # not killed, but stopped
    assert "Traceback" not in printed
    assert sorted(p.name for p in home.iterdir()) == ["a.csv"]


def test_yes_asks_nothing(home):
    printed, code = on_terminal("init", home, "--yes")
    assert code == 0
    assert PROMPT not in printed
    assert (home / "codon12.toml").is_file()


def test_a_second_run_keeps_what_was_changed(home):
    on_terminal("init", home, "--yes")
    config = home / "codon12.toml"
    changed = config.read_text().replace('title = "', 'title = "Mine, ')
    config.write_text(changed)
    printed, code = on_terminal("init", home, replies=[b"2\n"])
    assert code == 0
    assert config.read_text() == changed
    assert '"Treatment start" = "%m/%d/%Y"' in (home / "codon12.init.toml").read_text()
    assert "your own file, which stays as it is" in printed
