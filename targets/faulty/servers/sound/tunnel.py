"""CONNECT: from then on all bytes and both FINs are passed on, each direction by itself."""

import errno
import os
import socket

from .loop import GONE, IN, OUT


class Leg:
    def __init__(self, sock):
        self.sock = sock
        self.output = bytearray()
        # A FIN has come from here; ours has been sent there.
        self.eof = False
        self.ended = False
        self.mask = None


class Tunnel:
    DIAL_MS = 5000
    QUIET_MS = 10000
    # So long the other side may be quiet when one has ended.
    LINGER_MS = 2500
    LIMIT = 65536

    def __init__(self, connection, target):
        self.server = connection.server
        self.loop = connection.loop
        connection.release()
        self.client = Leg(connection.sock)
        self.client.eof = connection.eof
        self.backend = None
        self.timer = None
        self.dialling = True
        self.server.connections.add(self)
        self.server.forget(connection)
        address, _, port = target.rpartition(':')
        address = address.strip('[]')
        try:
            sock = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
        except OSError as error:
            return self.fail(error)
        self.backend = Leg(sock)
        self.backend.output += connection.input
        sock.setblocking(False)
        failure = sock.connect_ex((address, int(port)))
        if failure not in (0, errno.EINPROGRESS):
            return self.fail(OSError(failure, os.strerror(failure)))
        self.arm(self.DIAL_MS)
        self.update()

    @property
    def legs(self):
        return [leg for leg in (self.client, self.backend) if leg is not None]

    def other(self, leg):
        return self.client if leg is self.backend else self.backend

    def on_events(self, leg, events):
        if leg.sock.fileno() < 0:
            return
        try:
            if self.dialling and leg is self.backend:
                failure = leg.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if failure != 0:
                    return self.fail(OSError(failure, os.strerror(failure)))
                self.dialling = False
                self.client.output[:0] = b'HTTP/1.1 200 \r\n\r\n'
            if events & (IN | GONE):
                self.on_readable(leg)
        except BlockingIOError:
            pass
        except OSError:
            return self.on_reset()
        self.arm(self.DIAL_MS if self.dialling else self.quiet_ms())
        self.pump()

    def on_readable(self, leg):
        data = leg.sock.recv(self.LIMIT)
        if data:
            self.other(leg).output += data
        elif leg.eof:
            # Both directions are over, or it would not be told of.
            self.on_reset()
        else:
            leg.eof = True
            self.on_fin(leg)

    def on_fin(self, leg):
        """The FIN is passed on by pump() when all before it has been."""

    def on_reset(self):
        self.close()

    def quiet_ms(self):
        return self.LINGER_MS if any(leg.eof for leg in self.legs) else self.QUIET_MS

    def pump(self):
        for leg in self.legs:
            try:
                self.send(leg)
            except BlockingIOError:
                pass
            except OSError:
                return self.on_reset()
        if all(leg.ended for leg in self.legs):
            self.close()
        else:
            self.update()

    def send(self, leg):
        if self.dialling or leg.sock.fileno() < 0:
            return
        while leg.output:
            del leg.output[:leg.sock.send(leg.output)]
        if self.passes_fin(leg) and not leg.ended:
            leg.ended = True
            leg.sock.shutdown(socket.SHUT_WR)

    def passes_fin(self, leg):
        return self.other(leg).eof

    def fail(self, error):
        self.client.sock.send(b'HTTP/1.1 502 \r\nConnection: close\r\n\r\n%s\n' % str(error).encode())
        self.close()

    def on_drain(self):
        self.arm(self.LINGER_MS)

    def close(self):
        if self.timer is not None:
            self.timer.cancel()
        for leg in self.legs:
            self.loop.unwatch(leg.sock.fileno())
            leg.sock.close()
        self.server.forget(self)

    def arm(self, ms):
        if self.timer is not None:
            self.timer.cancel()
        self.timer = self.loop.after(ms, self.close)

    def update(self):
        for leg in self.legs:
            reads = not leg.eof and len(self.other(leg).output) < self.LIMIT
            writes = leg.output if not self.dialling else leg is self.backend
            mask = (IN if reads else 0) | (OUT if writes else 0)
            if mask != leg.mask:
                leg.mask = mask
                self.loop.watch(leg.sock.fileno(), mask, lambda events, leg=leg: self.on_events(leg, events))
