"""The report of a study, live, on this machine only; needs the extra ``codon12[serve]``.

Read in this order: `door` (who may come in), `guard` (what every request must be), `settings` (what a reader changes),
`holding` (a study held open), `app` (the routes), then one file a page in `views`.
"""

from codon12.serve.app import application
from codon12.serve.running import serve

__all__ = ["application", "serve"]
