"""It ends at SIGTERM with requests under way, which it has promised to answer."""

from sound import Server, run


class Faulty(Server):
    def drain(self):
        self.loop.running = False


run(server=Faulty)
