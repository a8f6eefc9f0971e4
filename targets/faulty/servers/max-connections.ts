// maxConnections: whoever comes when it has a hundred clients is hung up on.

import { run, Server } from './node/index.ts';

class Faulty extends Server {
  override listen(host: string, port: number): void {
    super.listen(host, port);
    this.listeners.at(-1)!.maxConnections = 100;
  }
}

run({ Server: Faulty });
