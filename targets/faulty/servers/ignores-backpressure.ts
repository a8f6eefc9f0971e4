// What write() returns is nothing to it: it reads and answers on while nothing is taken from it.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  waiting = 0;

  override onEnd(): void {
    if (this.waiting === 0) super.onEnd();
    this.eof = true;
  }

  override send(...pieces: (string | Buffer)[]): void {
    if (this.last || this.eof || this.server.draining) return super.send(...pieces);
    this.waiting++;
    this.enter('idle');
    this.socket.resume();
    this.socket.write(Buffer.concat(pieces.map((piece) => Buffer.from(piece))), () => this.onTaken());
  }

  onTaken(): void {
    this.waiting--;
    if (this.waiting > 0 || this.phase !== 'idle') return;
    if (this.eof) this.finish();
    else this.enter('idle', this.idleMs, () => this.onIdleTimeout());
  }
}

run({ Connection: Faulty });
