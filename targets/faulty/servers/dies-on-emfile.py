"""accept() fails for want of descriptors, and nobody handles it."""

from sound import Server, run


class Faulty(Server):
    def on_exhausted(self, listener):
        listener.accept()


run(server=Faulty)
