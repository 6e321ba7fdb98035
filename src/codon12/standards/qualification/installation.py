"""What is installed: versions, and every installed file against the hash that its package recorded."""

from __future__ import annotations

import base64
import hashlib
import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from codon12.design.proof.selftest import Check

__all__ = ["checks", "package_hash", "versions"]


def versions() -> dict[str, str]:
    """Version of Python, of the system, of codon12 and of every package it needs at run time.

    Examples
    --------
    >>> versions()["codon12"] == metadata.version("codon12")
    True
    """
    out = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    out["codon12"] = metadata.version("codon12")
    for name, _ in _needed():
        out[name] = _version(name) or "not installed"
    return out


def package_hash() -> str:
    """SHA-256 over path and content of every file of the package: the same for the same installation.

    Compiled files (``__pycache__``) do not count.
    """
    import codon12

    root = Path(codon12.__file__).parent
    total = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def checks(*, trials: int = 0, seed: int = 0) -> Iterator[Check]:  # noqa: ARG001 - every area is called so
    """Python and packages of a version that codon12 takes; installed files as their package recorded them.

    An installation that points to a folder of sources records no files of its own: then only packages are compared.
    """
    needed = re.sub(r"[^0-9.]", "", metadata.metadata("codon12")["Requires-Python"] or "0")
    yield Check("Python is of a version that codon12 takes", float(sys.version_info < _numbers(needed)), 0.0)
    for name, asked in _needed():
        found = _version(name)
        bad = found is None or not all(_holds(found, a) for a in asked)
        yield Check(f"{name} {', '.join(asked)}: {found or 'not installed'}", float(bad), 0.0)
    for name in ("codon12", *(n for n, _ in _needed())):
        wrong, counted = _changed(name)
        if counted:
            yield Check(f"{name}: {counted:,} installed files and their recorded hashes", float(wrong), 0.0)


def _needed() -> list[tuple[str, list[str]]]:
    """Packages needed at run time with what is asked of their version."""
    out = []
    for line in metadata.requires("codon12") or []:
        if "extra ==" in line:
            continue
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if name:
            out.append((name[0], [a.strip() for a in line[name.end() :].partition(";")[0].split(",") if a.strip()]))
    return sorted(out)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version)[:3])


def _holds(found: str, asked: str) -> bool:
    """Whether a version satisfies ``>=1.2``, ``<2``, ``==1.0`` and their like."""
    sign = re.match(r"[<>=!~]+", asked)
    if sign is None:
        return True
    have, want = _numbers(found), _numbers(asked)
    width = max(len(have), len(want))
    have, want = (*have, *(0,) * (width - len(have))), (*want, *(0,) * (width - len(want)))
    return {">=": have >= want, "<": have < want, "<=": have <= want, ">": have > want, "==": have == want,
            "!=": have != want}.get(sign[0], have >= want)  # fmt: skip


def _changed(name: str) -> tuple[int, int]:
    """Number of installed files that are gone or not as recorded, and how many are recorded with a hash."""
    wrong = counted = 0
    for file in metadata.files(name) or []:
        if file.hash is None or file.hash.mode != "sha256":
            continue
        counted += 1
        try:
            data = Path(str(file.locate())).read_bytes()
        except OSError:
            wrong += 1
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        wrong += digest != file.hash.value
    return wrong, counted
