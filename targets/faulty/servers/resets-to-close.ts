// It closes by resetAndDestroy() as soon as it has answered: no socket is left in TIME_WAIT, and the answer may be lost.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override finish(): void {
    this.enter('closed');
    this.socket.resetAndDestroy();
  }
}

run({ Connection: Faulty });
