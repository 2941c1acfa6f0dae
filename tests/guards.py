"""What tests may not do: reach other machines, send real mail."""

import ipaddress
import smtplib
import socket

import pytest


class ForbiddenInTestsError(AssertionError):
    """A test tried to leave this machine."""


def guard_sockets(patch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that is not to this machine."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address):
        _check(self.family, address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address):
        _check(self.family, address)
        return connect_ex(self, address)

    def guarded_resolve(host, *args, **kwargs):
        if host and not _is_here(host):
            raise ForbiddenInTestsError(f"a test looked up {host!r}")
        return resolve(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_resolve)


def guard_mail(patch: pytest.MonkeyPatch, open_ports: set[int]) -> None:
    """Refuse every SMTP conversation but with the sinks of the tests."""
    connect = smtplib.SMTP.connect

    def guarded_connect(self: smtplib.SMTP, host="localhost", port=0, source_address=None):
        if not _is_here(host) or int(port) not in open_ports:
            raise ForbiddenInTestsError(f"a test tried to send mail through {host}:{port}")
        return connect(self, host, port, source_address)

    patch.setattr(smtplib.SMTP, "connect", guarded_connect)


def _check(family: int, address: object) -> None:
    if family == socket.AF_UNIX or not isinstance(address, tuple):
        return
    if not _is_here(address[0]):
        raise ForbiddenInTestsError(f"a test tried to reach {address!r}")


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
