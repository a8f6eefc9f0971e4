"""One client: requests of HTTP/1 read, answered one after the other, and the connection closed as RFC 9112 §9 has it."""

import collections
import socket

from .answers import answer_to
from .loop import GONE, IN, OUT
from .request import BadRequest, Request
from .transport import Transport

# Its phases. WORKING: a whole request has no answer yet. LINGERING: it has sent its FIN, and reads on for the client's.
IDLE, HEAD, BODY, WORKING, ANSWERING, LINGERING, CLOSED = (
    'idle', 'head', 'body', 'working', 'answering', 'lingering', 'closed',
)


class Connection(Transport):
    IDLE_MS = 1500
    HEAD_MS = 2000
    BODY_MS = 2000
    # It gives up a client that acknowledges nothing in all of that time, which is looked at so many times.
    WRITE_MS = 2000
    WRITE_LOOKS = 10
    LINGER_MS = 250
    # The same for a client that is known to send on.
    LINGER_UNREAD_MS = 1000
    DRAIN_MS = 200
    HEAD_LIMIT = 8192

    def __init__(self, server, sock):
        super().__init__(server, sock)
        self.phase = IDLE
        self.input = bytearray()
        self.output = collections.deque()
        self.request = None
        self.body_left = 0
        # It closes after this answer.
        self.last = False

    def start(self):
        self.enter(IDLE, self.IDLE_MS, self.on_idle_timeout)
        self.update()

    # Events

    def on_events(self, events):
        if events & GONE and self.eof:
            # After a FIN recv() tells of nothing else.
            return self.on_reset()
        if events & (IN | GONE):
            self.on_readable()
        if events & OUT and self.phase == ANSWERING:
            self.flush()
        self.advance()
        self.update()

    def on_data(self, data):
        if self.phase != LINGERING:
            self.input += data

    def on_eof(self):
        """The client has sent its FIN. Whole requests before it are answered by advance()."""
        if self.phase == LINGERING or (self.phase == IDLE and not self.input):
            self.close()

    def on_reset(self):
        """The connection is gone: reset by the client, or given up by the kernel."""
        self.close()

    def on_idle_timeout(self):
        # A request may have come just now.
        self.on_readable()
        self.advance()
        if self.phase == IDLE:
            self.finish()

    def on_request_timeout(self):
        self.refuse(408)

    def on_write_look(self):
        """Progress is what the client acknowledges, however little."""
        left = self.unacknowledged()
        self.stalled = self.stalled + 1 if left == self.left else 0
        self.left = left
        if self.stalled < self.WRITE_LOOKS:
            self.arm(self.WRITE_MS / self.WRITE_LOOKS, self.on_write_look)
        else:
            self.reset()

    def on_drain(self):
        if self.phase == IDLE:
            self.arm(self.DRAIN_MS, self.on_idle_timeout)

    # Requests

    def advance(self):
        """Reads requests and answers them as far as what has come allows."""
        while self.phase in (IDLE, HEAD, BODY):
            if self.phase != BODY and not self.read_head():
                return
            if self.phase == BODY and not self.read_body():
                return

    def read_head(self):
        if not self.input:
            return False
        end = self.input.find(b'\r\n\r\n')
        if end < 0:
            if self.eof or len(self.input) > self.HEAD_LIMIT:
                self.on_partial()
            elif self.phase == IDLE:
                self.enter(HEAD, self.HEAD_MS, self.on_request_timeout)
            return False
        head = bytes(self.input[:end])
        del self.input[:end + 4]
        try:
            self.request = Request(head)
        except BadRequest:
            self.refuse(400)
            return False
        self.body_left = self.request.length
        self.last = self.request.closes
        self.enter(BODY, self.BODY_MS, self.on_request_timeout)
        return True

    def read_body(self):
        if self.request.path == '/refuse':
            self.refuse(413)
            return False
        taken = min(self.body_left, len(self.input))
        del self.input[:taken]
        self.body_left -= taken
        if self.body_left == 0:
            self.execute()
            return True
        if self.eof:
            self.on_partial()
        return False

    def on_partial(self):
        """No more will come of a request that is not whole."""
        self.refuse(400)

    def execute(self):
        self.enter(WORKING)
        answer_to(self, self.request)

    # Answers

    def answer(self, status, *body):
        """Sends an answer; the body is in pieces, which are not copied."""
        head = 'HTTP/1.1 %d \r\nContent-Length: %d\r\n%s\r\n' % (
            status, sum(map(len, body)), 'Connection: close\r\n' if self.last else '',
        )
        self.send(head.encode(), *body)

    def answer_later(self, ms, *body):
        def answer():
            self.answer(200, *body)
            self.advance()

        self.arm(ms, answer)

    def refuse(self, status):
        """Answers an error and closes, whatever else has come and will come."""
        self.last = True
        self.answer(status, b'refused\n')

    def send(self, *pieces):
        self.output.extend(memoryview(piece) for piece in pieces)
        self.enter(ANSWERING)
        self.left = self.unacknowledged()
        self.stalled = -1
        self.on_write_look()
        self.flush()

    def flush(self):
        try:
            while self.output:
                sent = self.sock.send(self.output[0])
                self.output[0] = self.output[0][sent:]
                if not self.output[0]:
                    self.output.popleft()
        except BlockingIOError:
            return
        except OSError:
            return self.on_reset()
        self.on_answered()

    def on_answered(self):
        if self.last or (self.server.draining and not self.input) or (self.eof and not self.input):
            self.finish()
        else:
            self.enter(IDLE, self.IDLE_MS, self.on_idle_timeout)

    # The end

    def finish(self):
        """Closes in order: its own FIN, and no close() while the client may still send, which would reset (RFC 9112 §9.6)."""
        if self.eof:
            return self.close()
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return self.on_reset()
        more_to_come = self.body_left > 0 or self.input
        self.input.clear()
        self.enter(LINGERING, self.LINGER_UNREAD_MS if more_to_come else self.LINGER_MS, self.close)

    def release(self):
        super().release()
        self.phase = CLOSED
        self.output.clear()

    # Its place in the loop

    def enter(self, phase, ms=None, then=None):
        self.phase = phase
        self.arm(ms, then)

    def interest(self):
        reads = not self.eof and len(self.input) < self.INPUT_LIMIT
        return (IN if reads else 0) | (OUT if self.output else 0)
