"""It looks whether the client has closed before it reads what came: a request just before the FIN is never seen."""

import select

from sound import HEAD, IDLE, Connection, run


class Faulty(Connection):
    # Events are gathered before they are looked at, so that a FIN that follows at once is among them.
    GATHER_MS = 5

    def on_events(self, events):
        if self.phase not in (IDLE, HEAD):
            return super().on_events(events)
        self.loop.unwatch(self.sock.fileno())
        self.mask = None
        self.loop.after(self.GATHER_MS, self.look)

    def look(self):
        if self.released:
            return
        poll = select.poll()
        poll.register(self.sock, select.POLLIN | select.POLLRDHUP)
        events = sum(mask for _, mask in poll.poll(0))
        if events & select.POLLRDHUP:
            self.close()
        else:
            super().on_events(events)


run(connection=Faulty)
