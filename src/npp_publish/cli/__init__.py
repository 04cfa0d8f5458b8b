"""The command line: the only room that prints and that decides the exit code.

Standard output is data (paths, JSON, what was asked for), standard error is talk. Exit codes:

    0 ok           1 internal      2 usage or configuration   3 input unreadable
    4 tool missing 5 backend failed 6 output invalid          7 invariant broken
    8 warnings under --strict       9 cannot write          130 interrupted
"""

from __future__ import annotations

import os
import sys

from . import counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

_INTERRUPTED = 130  # as in `errors`, which is not imported for an answer that stands

COMMANDS = (
    ("build", "publish pages: PDF, EPUB, HTML"),
    ("normalize", "repair pages: edition.md and the ledger (stages 1-5)"),
    ("batch", "publish thousands of documents; goes on where it was"),
    ("preview", "publish again whenever something changes"),
    ("check", "have finished files judged"),
    ("review", "the decisions to look at; the page and the edition side by side"),
    ("explain", "explain a diagnostic code, or what became of a line"),
    ("backends", "list the output formats and their options"),
    ("doctor", "tell what is installed, what is missing, how to get it"),
    ("cache", "show or clear what is kept of earlier work"),
    ("init", "write an npp.toml with every setting"),
    ("completion", "print what lets bash, zsh or fish complete the commands"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never a traceback unless NPP_DEBUG is set.

    Without `argv` the words are those of this process, which then ends with the command.
    """
    own = argv is None
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if own:
            counter.open_up()
        code = _obey(words, own=own)
    except KeyboardInterrupt:
        code = _stopped(words, own=own)
    if own:
        _leave(code)
    return code


def _obey(words: list[str], *, own: bool) -> int:
    from ..makeready import begin, keep
    from ..makeready.stet import answer

    if _nowhere() and words[:1] and not words[0].startswith("-"):
        counter.call_out("NPP002 the current folder is not there any more\n  go to one that is\n")
        return 2
    if stands := answer(words):
        return _repeat(words, *stands)
    begin()
    if own:
        _hire(words)
    try:
        return _run(words, listen=own)
    finally:
        keep()


def _hire(words: list[str]) -> None:
    """Have somebody get ready for the slowest format while the words are read."""
    from ..makeready.apprentice import hire, trade

    if name := trade(words):
        hire(name, _learn)


def _learn(name: str, line: int) -> None:
    from ..press.journeymen import serve

    serve(name, line)


def _nowhere() -> bool:
    try:
        return not os.getcwd()  # noqa: PTH109 - importing pathlib takes longer
    except OSError:
        return True


def _stopped(words: list[str], *, own: bool) -> int:
    if own:
        _deafen()
    goes_on = "; the same command goes on from here" if words[:1] in (["build"], ["batch"]) else ""
    counter.call_out(f"interrupted{goes_on}\n")
    return _INTERRUPTED


def _leave(code: int) -> None:
    """End the process without giving back its memory piece by piece (20 ms after a build). Where other
    threads still run, Python ends it in its own way, which waits for them; who interrupts does not wait."""
    busy = "threading" in sys.modules and sys.modules["threading"].active_count() > 1
    if busy and code != _INTERRUPTED:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return
    if not busy:  # else what the threads work with would be torn down under them
        import atexit

        atexit._run_exitfuncs()
    os._exit(code)


def _repeat(words: list[str], said: str, talk: str, code: int) -> int:
    try:
        counter.call_out(talk)
        counter.hand_out(said, at_once=True)
    except Exception as error:
        return _failed(error, words)
    return code


def _run(words: list[str], *, listen: bool) -> int:
    """Find the command and run it; what goes wrong is told, and becomes an exit code."""
    if listen:
        _listen()
    try:
        code = _dispatch(words)
        counter.settle()
        return code
    except SystemExit as error:
        return _ended(error, words)
    except Exception as error:
        if isinstance(error.__context__, KeyboardInterrupt):  # what a library tidied up was not there yet
            raise error.__context__ from None
        return _failed(error, words)


def _ended(error: SystemExit, words: list[str]) -> int:
    """The parser of the words has said all (help, or what is wrong), or the system ends the process."""
    try:
        counter.settle()
    except Exception as failure:
        return _failed(failure, words)
    return error.code if isinstance(error.code, int) else 1


def _failed(error: Exception, words: list[str]) -> int:
    """Tell what went wrong; returns the exit code."""
    from ..errors import EXIT_INTERNAL, PublishError
    from . import voice

    if isinstance(error, PublishError):
        voice.trouble(error, json="--json" in words)
        return error.exit_code
    if os.environ.get("NPP_DEBUG"):
        raise error
    voice.say(f"NPP001 internal error: {type(error).__name__}: {error}")
    voice.say("  run again with NPP_DEBUG=1 and report the traceback")
    return EXIT_INTERNAL


def _listen() -> None:
    """Be ready to be ended, by Ctrl-C or by the system."""
    import signal

    signal.signal(signal.SIGTERM, _terminated)
    signal.signal(signal.SIGINT, _interrupted)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _interrupted)


def _deafen() -> None:
    """Once an interruption is heard, hear no more: what follows is tidying up."""
    import signal

    if hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, 0)
        # Python ends itself by the signal if it interrupted an import; 130 is promised always
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _terminated(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _interrupted(number: int, frame: object) -> None:
    """Interrupt, and again every second until it is heard: a library's callback may swallow it."""
    import signal

    if hasattr(signal, "SIGALRM"):
        signal.setitimer(signal.ITIMER_REAL, 1.0)
    raise KeyboardInterrupt


def _dispatch(words: list[str]) -> int:
    """Find the command's module, which is named like the command, and run it."""
    from importlib import import_module

    from ..config.options import suggest
    from ..errors import EXIT_OK, UsageError
    from .arguments import parser_for, top_parser

    names = [name for name, _ in COMMANDS]
    if not words:
        counter.call_out(top_parser(COMMANDS).format_help())
        return UsageError.exit_code
    if not words[0].startswith("-") and words[0] not in names:
        raise UsageError(f"no command {words[0]!r}", hint=suggest(words[0], names))
    if words[0] not in names:
        top_parser(COMMANDS).parse_args(words)
        return EXIT_OK
    name, summary = next(row for row in COMMANDS if row[0] == words[0])
    module = import_module(f".{name}", __name__)
    parser = parser_for(name, summary)
    module.configure(parser)
    # pages may stand on both sides of an option; after `--`, which that way of reading takes for a
    # page, they cannot
    read = parser.parse_args if "--" in words else parser.parse_intermixed_args
    asked = read(words[1:])
    asked.asked = words
    return int(module.run(asked))
