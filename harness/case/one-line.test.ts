import { expect } from 'chai';
import { oneLine } from './one-line.ts';

describe('the reason of a verdict', () => {
  for (const [message, line] of [
    ['it leaks', 'it leaks'],
    ['its last lines:\n    no such table\n    fatal', 'its last lines: no such table | fatal'],
    ['Error: x\r\n  at y\n', 'Error: x | at y'],
  ] as const) {
    it(`is one line: ${line}`, () => {
      expect(oneLine(message)).to.equal(line);
    });
  }
});
