"""Listens, accepts, and ends in order."""

import errno
import os
import signal
import socket
import sys

from .connection import Connection
from .loop import IN, Loop
from .tunnel import Tunnel

EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Server:
    BACKLOG = 16
    # So long it leaves clients in the queue when it has no descriptor for them.
    REST_MS = 100

    def __init__(self, connection, tunnel):
        self.connection_class = connection
        self.tunnel_class = tunnel
        self.loop = Loop()
        self.listeners = []
        self.connections = set()
        self.draining = False
        self.runs = 0

    def listen(self, address, port):
        listener = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
        self.prepare(listener)
        listener.setblocking(False)
        listener.bind((address, port))
        listener.listen(self.BACKLOG)
        self.listeners.append(listener)
        self.accept_again(listener)

    def prepare(self, listener):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)

    def accept_again(self, listener):
        if listener.fileno() >= 0:
            self.loop.watch(listener.fileno(), IN, lambda _: self.on_acceptable(listener))

    def on_acceptable(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if error.errno not in EXHAUSTED:
                    raise
                return self.on_exhausted(listener)
            self.on_accepted(sock)

    def on_exhausted(self, listener):
        self.loop.unwatch(listener.fileno())
        self.loop.after(self.REST_MS, lambda: self.accept_again(listener))

    def on_accepted(self, sock):
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = self.connection_class(self, sock)
        self.connections.add(connection)
        connection.start()

    def forget(self, connection):
        self.connections.discard(connection)
        self.stop_when_done()

    def drain(self):
        """Serves all who are connected, in the queue too, then ends."""
        self.draining = True
        for listener in self.listeners:
            self.on_acceptable(listener)
            self.loop.unwatch(listener.fileno())
            listener.close()
        for connection in list(self.connections):
            connection.on_drain()
        self.stop_when_done()

    def stop_when_done(self):
        if self.draining and not self.connections:
            self.loop.running = False

    def on_sigterm(self):
        """Has SIGTERM drain it; a signal wakes the loop through a pipe."""
        read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(write)
        signal.signal(signal.SIGTERM, lambda *_: None)

        def on_signal(_):
            os.read(read, 64)
            if not self.draining:
                self.drain()

        self.loop.watch(read, IN, on_signal)


def run(connection=Connection, server=Server, tunnel=Tunnel):
    """Serves until SIGTERM. With --sound on the command line the classes given are passed over for the sound ones."""
    arguments = sys.argv[1:]
    if '--sound' in arguments:
        arguments.remove('--sound')
        connection, server, tunnel = Connection, Server, Tunnel
    options = list(zip(arguments[::2], arguments[1::2]))
    port = int(dict(options)['--port'])
    serving = server(connection, tunnel)
    serving.on_sigterm()
    for name, address in options:
        if name == '--listen':
            serving.listen(address, port)
    serving.loop.run()
