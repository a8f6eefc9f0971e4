// It keeps a list of the sockets that were reset, with a buffer for each.

import { Connection, run } from './node/index.ts';

const kept = [];

class Faulty extends Connection {
  override onError(): void {
    kept.push([this.socket, Buffer.alloc(1 << 20, 1)]);
  }
}

run({ Connection: Faulty });
