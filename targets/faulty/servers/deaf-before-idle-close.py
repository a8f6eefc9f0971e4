"""It has stopped reading when its idle time-out closes the connection: a request that came just before is met by a reset."""

from sound import IDLE, Connection, run


class Faulty(Connection):
    DEAF_MS = 100

    def on_idle_timeout(self):
        if self.phase == IDLE:
            self.close()

    def enter(self, phase, ms=None, then=None):
        super().enter(phase, ms, then)
        if phase == IDLE and ms == self.IDLE_MS:
            self.arm(ms - self.DEAF_MS, self.stop_reading)

    def stop_reading(self):
        self.deaf = True
        self.arm(self.DEAF_MS, self.on_idle_timeout)

    deaf = False

    def interest(self):
        return 0 if self.deaf else super().interest()


run(connection=Faulty)
