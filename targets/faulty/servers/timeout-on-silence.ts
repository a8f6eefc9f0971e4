// socket.setTimeout() is its only time-out for a request: each byte sets it back.

import { Connection, run, type Phase } from './node/index.ts';

class Faulty extends Connection {
  override headMs = undefined;
  override bodyMs = undefined;

  override enter(phase: Phase, ms?: number, then?: () => void): void {
    super.enter(phase, ms, then);
    const isReading = phase === 'head' || phase === 'body';
    this.socket.setTimeout(isReading ? 2000 : 0);
    this.socket.removeAllListeners('timeout');
    if (isReading) this.socket.on('timeout', () => this.refuse(408));
  }
}

run({ Connection: Faulty });
