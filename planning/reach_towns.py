"""Towns that a process holds ready, as many as its memory allows; the one used last stays."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from django.conf import settings

from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.operations.coverage_runs import fingerprint_of, start_coverage
from planning.reach_city import is_put_together, silent
from planning.reach_planned import city_of
from planning.reach_town import Town, town_of

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User
    from planning.models import CoverageRun, PlanVersion

#: Bytes a plot that a town takes: ways, owners and straight lines of sixteen kinds, verdicts.
_A_PLOT: Final = 1_000
#: And each set of drawn roads that it keeps itself with: ways and owners once more.
_A_PLOT_DRAWN: Final = 600

_towns: OrderedDict[bytes, Town] = OrderedDict()
_lock = threading.Lock()


class NotReadyError(Exception):
    """The city must be put together first, which takes longer than anybody waits for an answer."""

    def __init__(self, run: CoverageRun) -> None:
        super().__init__(run.pk)
        self.run = run


def held_town(version: PlanVersion | None, *, by: User, on: dt.date) -> tuple[bytes, Town]:
    """Return the town of a plan version, or the city as it is, and a name for all it rests on.

    Raises NotReadyError with the run that puts it together, Invalid `no_network` and
    `network_ambiguous`.
    """
    name = fingerprint_of(version, on)
    with _lock:
        # One at a time: two that ask at once would both put it together.
        if name in _towns:
            _towns.move_to_end(name)
            return name, _towns[name]
        moment = Moment(on, newest_revision())
        plan = None if version is None else version.plan.code
        if not is_put_together(moment, plan=plan):
            version_id = None if version is None else version.pk
            run, _ = start_coverage(version_id=version_id, by=by, on=on)
            raise NotReadyError(run)
        town = town_of(city_of(moment, version, step=silent), version)
        _towns[name] = town
        most = settings.REACH_MEMORY_MB * 1_000_000
        while len(_towns) > 1 and sum(map(_size, _towns.values())) > most:
            _towns.popitem(last=False)
        return name, town


def _size(town: Town) -> int:
    return len(town.city.plots) * (_A_PLOT + _A_PLOT_DRAWN * len(town.drawn))
