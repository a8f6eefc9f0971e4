"""Out of descriptors it tries to accept again and again without a pause."""

from sound import Server, run


class Faulty(Server):
    def on_exhausted(self, listener):
        pass


run(server=Faulty)
