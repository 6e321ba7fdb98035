"""The switch: dose, interval, turnover, drive, potency, feedback; occupancy, dose response, one tumour, a trial."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from codon12.drawing import draw
from codon12.serve.holding import Say
from codon12.serve.session import Session
from codon12.serve.views.fields import Field, read_fields
from codon12.simulate import shipped_set

__all__ = ["switch_page"]

_SHOWN = ("dose", "tau", "kdeg", "w", "KI", "phi")
_ENDS = {
    "dose": (15.0, 1920.0, 15.0),
    "tau": (6.0, 48.0, 6.0),
    "kdeg": (0.002, 0.12, 0.0002),
    "w": (0.0, 0.9, 0.01),
    "KI": (0.01, 2.0, 0.01),
    "phi": (0.0, 5.0, 0.1),
}
_PATIENTS = 124
_RESULTS = ("ORR", "DCR", "PFS", "OS", "DOR", "depth")


def switch_page(session: Session, query: Any, say: Say) -> str:
    """Figures of the typical patient, one simulated tumour, and the headline numbers of a virtual trial of 124."""
    from codon12.figures import clone_burden, dose_response, occupancy_course
    from codon12.simulate.switch.conduct import conduct
    from codon12.simulate.switch.figure_frames import clone_frames, dose_frame, occupancy_frame
    from codon12.simulate.switch.patients import draw_patients
    from codon12.simulate.switch.summary import ENDPOINTS, headline

    base = shipped_set()
    fields = tuple(
        Field(k, f"{base.parameters[k].what} ({k})", base[k], *_ENDS[k], base.parameters[k].unit) for k in _SHOWN
    )
    fields = read_fields((*fields, Field("seed", "Seed of the patients", 7, 0, 1e6, 1)), query)
    values = {f.name: f.value for f in fields}
    seed = int(values.pop("seed"))
    changed = {k: v for k, v in values.items() if not math.isclose(v, base[k])}
    p = base.changed(changed)
    say("Occupancy")
    amounts, floor = dose_frame(p)
    specs = [
        ("Drug and occupancy over four days", occupancy_course(occupancy_frame(p), floor=floor)),
        ("Dose response", dose_response(amounts, floor=floor)),
    ]
    say("One tumour")
    specs.append(
        ("One tumour: the first patient who responds and then progresses", clone_burden(*clone_frames(p, seed=seed)))
    )
    say("A virtual trial")
    now = headline(conduct(p, draw_patients(p, seed=seed, n=_PATIENTS)))
    before = headline(conduct(base, draw_patients(base, seed=seed, n=_PATIENTS)))
    say("Drawing")
    sets = "".join(f" --set {k}={v:g}" for k, v in changed.items())
    shell = f"codon12 simulate switch --out trial --patients {_PATIENTS} --seed {seed}{sets}\ncodon12 report trial"
    python = (
        "from codon12.simulate import shipped_set, write_study\n\n"
        f"write_study('trial', shipped_set().changed({changed!r}), patients={_PATIENTS}, seed={seed})"
    )
    return session.render(
        "switch.html.j2",
        here="switch",
        fields=fields,
        changed=changed,
        title=base.context.title,
        use=base.context.use,
        not_for=base.context.not_for,
        patients=_PATIENTS,
        rows=[(ENDPOINTS[k], _text(before[k]), _text(now[k])) for k in _RESULTS],
        figures=[(t, Markup(draw(s))) for t, s in specs],  # noqa: S704 - drawn by us
        same={"shell": shell, "python": python, "toml": ""},
    )


def _text(value: float) -> str:
    if math.isinf(value):
        return "not reached"
    return "none" if math.isnan(value) else f"{value:.1f}"
