"""Do something at the n-th await of a coroutine: kill the process, cancel the task.

Every place at which the coroutine gives up control counts as one await, however deep it lies.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Steps(Awaitable[Result], Generic[Result]):
    """Await it instead of ``coroutine``. ``act`` runs at the ``at``-th await (1, 2 ...).

    ``before``: while what is waited for is still under way; otherwise when it is done, but before the
    coroutine learns of it. ``taken`` is the number of awaits so far.
    """

    def __init__(
        self, coroutine: Coroutine[Any, Any, Result], at: int, act: Callable[[], object], *, before: bool
    ) -> None:
        self._coroutine = coroutine
        self._at = at
        self._act = act
        self._before = before
        self.taken = 0

    def __await__(self) -> Generator[Any, Any, Result]:
        error: BaseException | None = None
        while True:
            try:
                waits_for = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
            except StopIteration as stop:
                result: Result = stop.value
                return result
            error = None
            self.taken += 1
            self._strike(before=True)
            try:
                yield waits_for
            except BaseException as raised:
                error = raised
            self._strike(before=False)

    def _strike(self, *, before: bool) -> None:
        if self.taken == self._at and before == self._before:
            self._act()
