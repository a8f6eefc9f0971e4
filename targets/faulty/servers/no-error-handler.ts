// It has no 'error' handler on a socket while it answers: a reset ends the process.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override onError(error: Error): void {
    if (this.phase === 'answering' || this.phase === 'working') throw error;
  }
}

run({ Connection: Faulty });
