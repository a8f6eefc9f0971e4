"""Once it has run out of descriptors it accepts nobody any more."""

from sound import Server, run


class Faulty(Server):
    def on_exhausted(self, listener):
        self.loop.unwatch(listener.fileno())


run(server=Faulty)
