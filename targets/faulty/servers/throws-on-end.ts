// It parses what has come of a request when the client sends its FIN, and nobody catches that there is no whole one.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override onPartial(): void {
    JSON.parse('{"half":');
  }
}

run({ Connection: Faulty });
