// allowHalfOpen is on, and nobody ends the socket of an idle client that has sent its FIN.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override onEnd(): void {
    if (this.phase === 'idle' && this.input.length === 0) this.arm();
    else super.onEnd();
  }
}

run({ Connection: Faulty });
