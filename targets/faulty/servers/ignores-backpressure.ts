// What write() returns is nothing to it: it reads and answers on while nothing is taken from it.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  waiting = 0;

  override send(...pieces: (string | Buffer)[]): void {
    if (this.last || this.eof || this.server.draining) return super.send(...pieces);
    this.waiting++;
    this.enter('idle');
    this.socket.resume();
    this.socket.write(Buffer.concat(pieces.map((piece) => Buffer.from(piece))), () => {
      this.waiting--;
      if (this.waiting === 0 && this.phase === 'idle')
        this.enter('idle', this.idleMs, () => this.onIdleTimeout());
    });
  }
}

run({ Connection: Faulty });
