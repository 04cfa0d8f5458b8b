"""Imported at start by every Python of a test run: no connection leaves, and each try is noted."""

import os
import pathlib
import socket


def _refuse(*words: object, **more: object) -> object:
    with pathlib.Path(os.environ["NPP_TEST_CONNECTIONS"]).open("a", encoding="utf-8") as stream:
        stream.write(f"{words!r}\n")
    raise OSError("no network in tests")


if os.environ.get("NPP_TEST_CONNECTIONS"):
    socket.getaddrinfo = _refuse
    socket.socket.connect = _refuse
    socket.socket.connect_ex = _refuse
