"""Connections to public addresses only: a name is resolved once, checked, and then dialled.

What was checked is what is dialled, so that a name which changes its address between the two leads
nowhere (DNS rebinding). The certificate is still that of the name.
"""

import ipaddress
import socket

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from workbench.errors import WorkbenchError

_EMBEDDING = ipaddress.ip_network("64:ff9b::/96")  # IPv4 inside IPv6, RFC 6052


class NotPublic(WorkbenchError):
    """A name leads to this machine or into the local network."""


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the internet; false for anything private or special."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _EMBEDDING:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own."""
    return ipaddress.ip_address(address).is_loopback


class _Checked:
    """A connection that dials a checked address, and tells its client the socket."""

    allowed = staticmethod(is_public)
    opened: list[socket.socket]

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NameResolutionError(self.host, self, error) from error
        addresses = list(dict.fromkeys(place[0] for *_, place in found))
        if not addresses or not all(self.allowed(address) for address in addresses):
            raise NotPublic(f"{self.host} leads into a private network; nothing was asked there.")
        return self._dialled(addresses)

    def _dialled(self, addresses: list[str]) -> socket.socket:
        for address in addresses:
            last = address == addresses[-1]
            try:
                return create_connection(
                    (address, self.port), self.timeout, socket_options=self.socket_options
                )
            except TimeoutError as error:
                if last:
                    raise ConnectTimeoutError(self, f"{self.host} does not answer") from error
            except OSError as error:
                if last:
                    raise NewConnectionError(self, f"{self.host}: {error}") from error
        raise NewConnectionError(self, f"{self.host} has no address")

    def connect(self) -> None:
        super().connect()
        self.opened.append(self.sock)


def pools(opened: list[socket.socket], *, loopback: bool) -> dict[str, type]:
    """Return the connection pools of a client by scheme.

    Parameters
    ----------
    opened : gets the socket of each connection. loopback : http to this machine instead of https
        to the internet.
    """
    if loopback:
        kept = {"opened": opened, "allowed": staticmethod(is_loopback)}
        inner = type("LoopbackConnection", (_Checked, HTTPConnection), kept)
        return {"http": type("LoopbackPool", (HTTPConnectionPool,), {"ConnectionCls": inner})}
    outer = type("PublicConnection", (_Checked, HTTPSConnection), {"opened": opened})
    return {"https": type("PublicPool", (HTTPSConnectionPool,), {"ConnectionCls": outer})}
