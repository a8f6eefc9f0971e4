"""The relay keeps a client's FIN to itself, and waits for the backend's without end."""

from sound import Tunnel, run


class Faulty(Tunnel):
    def passes_fin(self, leg):
        return leg is self.client and super().passes_fin(leg)

    def quiet_ms(self):
        return 1e9

    def on_events(self, leg, events):
        if leg.eof and leg.ended:
            # The kernel says so for ever.
            self.loop.unwatch(leg.sock.fileno())
        else:
            super().on_events(leg, events)


run(tunnel=Faulty)
