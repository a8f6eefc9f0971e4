// It does not handle SIGTERM, and ends with requests under way.

import { run, Server } from './node/index.ts';

class Faulty extends Server {
  override onSigterm(): void {}
}

run({ Server: Faulty });
