// The relay pipes with `end: false`: no FIN is passed on, and both legs stay.

import { run, Tunnel } from './node/index.ts';

class Faulty extends Tunnel {
  override join(): void {
    this.client.pipe(this.backend, { end: false }).pipe(this.client, { end: false });
  }

  override arm(): void {}
}

run({ Tunnel: Faulty });
