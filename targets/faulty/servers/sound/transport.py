"""A client's socket in the loop, with one timer."""

import fcntl
import socket
import struct
import termios


class Transport:
    """Calls on_data(bytes), on_eof() and on_reset(), and asks interest() what to watch for."""

    # What a client sends ahead is left to TCP's flow control beyond this.
    INPUT_LIMIT = 65536

    def __init__(self, server, sock):
        self.server = server
        self.loop = server.loop
        self.sock = sock
        # The client has sent its FIN.
        self.eof = False
        self.released = False
        self.timer = None
        self.mask = None

    def on_readable(self):
        try:
            data = self.sock.recv(self.INPUT_LIMIT)
        except BlockingIOError:
            return
        except OSError:
            return self.on_reset()
        if data:
            self.on_data(data)
        elif not self.eof:
            self.eof = True
            self.on_eof()

    def reset(self):
        """Closes by RST, and what the kernel has not sent yet is lost."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.close()

    def close(self):
        if self.released:
            return
        self.release()
        self.sock.close()
        self.server.forget(self)

    def release(self):
        """Leaves the socket to whoever takes it over."""
        self.released = True
        self.arm(None, None)
        self.loop.unwatch(self.sock.fileno())

    def unacknowledged(self):
        """Bytes that the client has not acknowledged yet (SIOCOUTQ, tcp(7)) or that the kernel has not taken."""
        queued = struct.unpack('i', fcntl.ioctl(self.sock, termios.TIOCOUTQ, b'\0\0\0\0'))[0]
        return queued + sum(map(len, self.output))

    def arm(self, ms, then):
        """Its one timer: what it was set for before is off."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = None

        def fire():
            then()
            self.update()

        if ms is not None:
            self.timer = self.loop.after(ms, fire)

    def update(self):
        if self.released:
            return
        mask = self.interest()
        if mask != self.mask:
            self.mask = mask
            self.loop.watch(self.sock.fileno(), mask, self.on_events)
