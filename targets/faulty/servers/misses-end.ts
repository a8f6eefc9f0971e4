// An 'end' that comes while it works is lost on it: the client is answered, and then never let go.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  missed = false;

  override advance(): void {
    super.advance();
    this.socket.resume();
  }

  override onEnd(): void {
    this.missed = this.phase === 'working' || this.phase === 'answering';
    if (!this.missed) super.onEnd();
  }

  override onAnswered(): void {
    if (this.missed) this.enter('idle');
    else super.onAnswered();
  }
}

run({ Connection: Faulty });
