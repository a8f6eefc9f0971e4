// It awaits a body that never comes when the client resets, and nobody handles that promise.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  // eslint-disable-next-line typescript/no-misused-promises -- that nobody waits for it is the fault
  override async onError(error: Error): Promise<void> {
    if (this.phase === 'body') throw error;
  }
}

run({ Connection: Faulty });
