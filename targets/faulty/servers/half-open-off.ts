// allowHalfOpen is left off: Node ends the socket when the client's FIN has come, whatever is still to be answered.

import { run, Server } from './node/index.ts';

class Faulty extends Server {
  override options = { allowHalfOpen: false, noDelay: true };
}

run({ Server: Faulty });
