// destroy() follows the answer at once: what Node has not handed to the kernel is dropped, and a FIN says that it was all.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override send(...pieces: (string | Buffer)[]): void {
    super.send(...pieces);
    if (this.last) this.socket.destroy();
  }
}

run({ Connection: Faulty });
