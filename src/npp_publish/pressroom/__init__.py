"""The pressroom: thousands of documents, every core busy, nothing printed twice and nothing lost.

    orders.py    what is to be printed: files, globs, lists, shards      -> Order
    hand.py      one worker's task: fetch, build, deliver               Order -> Outcome
    crew.py      worker processes on this machine                       \\
    cluster.py   the same on Dask                                       /  Executor
    journal.py   what is done, line by line; a killed run goes on from it
    depot.py     local folders and, through fsspec, everything else
    shift.py     one run: orders that are not done yet, through an executor, into the journal

A document that fails, hangs or kills its worker becomes an `Outcome` with a code and a reason and
never stops the rest. Output files are those of a single build, byte for byte.
"""

from .orders import Executor, Order, Outcome, Status
from .shift import Tally, work_shift

__all__ = ["Executor", "Order", "Outcome", "Status", "Tally", "work_shift"]
