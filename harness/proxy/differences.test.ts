import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DIFFERENCES_BY_PART } from './differences.ts';

describe('differences from Toxiproxy', () => {
  it('are shown by a contract test, each', () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((name) => /^contract-.*\.test\.ts$/.test(name))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    // Those of the command are not to be asked of the real one over HTTP; and how many connections are dialled at a time can
    // be seen from neither end: the tests of the data plane have it.
    const { api, stream } = DIFFERENCES_BY_PART;
    const ids = Object.keys({ ...api, ...stream }).filter((id) => id !== 'serial-dial');
    expect(ids.filter((id) => !tests.includes(`differs('${id}')`))).to.deep.equal([]);
  });

  it('have ids of their own over all parts', () => {
    const ids = Object.values(DIFFERENCES_BY_PART).flatMap((part) => Object.keys(part));
    expect(new Set(ids).size).to.equal(ids.length);
  });
});
