// It computes its slow answer in the event loop, where everybody else waits meanwhile.

import { Connection, run } from './node/index.ts';

class Faulty extends Connection {
  override answerLater(ms: number, body: string): void {
    const beganMs = performance.now();
    while (performance.now() - beganMs < ms);
    this.answer(200, body);
  }
}

run({ Connection: Faulty });
