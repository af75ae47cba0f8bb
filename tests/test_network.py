"""Tests cannot leave this machine, so that they mean the same everywhere."""

import socket
import urllib.request

import pytest


def test_an_outside_address_is_refused():
    with socket.socket() as caller, pytest.raises(ConnectionError, match="without a network"):
        caller.connect(("192.0.2.1", 80))  # an address reserved for documents: nobody is there


def test_a_datagram_is_refused_too():
    with (
        socket.socket(type=socket.SOCK_DGRAM) as caller,
        pytest.raises(ConnectionError, match="without a network"),
    ):
        caller.sendto(b"x", ("192.0.2.1", 53))


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        answerer, _ = server.accept()
        answerer.close()


def test_higher_clients_are_held_as_well():
    with pytest.raises(OSError, match="without a network"):
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)
