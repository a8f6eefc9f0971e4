import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { STATES } from '#tcp';
import { missingHere } from './docs/missing.ts';
import { stateTexts } from './states-doc/index.ts';
import { backoff } from './states-doc/contract.ts';
import { mask } from './states-doc/mask.ts';
import { statesPage } from './states-doc/page.ts';
import { quickRuns } from './states-doc/runs.ts';
import { STATES_PAGE } from './states-doc.ts';

describe('docs/states.md (npm run docs:states)', () => {
  it('is what the generator writes from a run of now, but for its numbers', async function () {
    this.timeout(120_000);
    const missing = missingHere();
    if (missing !== '') {
      this.test!.title += ` (${missing})`;
      this.skip();
    }
    const page = readFileSync(STATES_PAGE, 'utf8');
    const timeWait = /TIME_WAIT for [\d.]+ s, with\s+tcp_fin_timeout 1 s/.exec(page)?.[0] ?? 'not measured';
    expect(mask(page)).to.equal(mask(await statesPage(await quickRuns(), timeWait)));
  });

  it('has each of the eleven states once', () => {
    expect(stateTexts.map(({ state }) => state)).to.have.members([...STATES]);
  });
});

describe('the mask of docs/states.md', () => {
  it('keeps headings, text and the states of a block, in order', () => {
    const block =
      '```text\n 0.1 ms  peer   SYN seq 0 -> server  SYN_RCVD\n 0.2 ms server  ESTABLISHED\nss: ESTAB 0 0 a b\n```';
    expect(mask(`## A\n\nafter 1, 3, 7 s and\n63.5 s\n\n${block}\n`)).to.equal(
      '## A\n after # s and # s\n [SYN_RCVD ESTABLISHED] ',
    );
  });

  it('shows other words, and another order of states', () => {
    const page = (text: string): string => mask(`## A\n\n\`\`\`text\n${text}\n\`\`\`\n`);
    expect(page('server  CLOSE_WAIT\nserver  LAST_ACK')).to.not.equal(
      page('server  LAST_ACK\nserver  CLOSE_WAIT'),
    );
    expect(mask('for ever')).to.not.equal(mask('60 s'));
  });
});

describe('when a segment is sent again', () => {
  it('doubles from the first interval, and ends after one more', () => {
    expect(backoff(1, 5)).to.deep.equal([1, 3, 7, 15, 31, 63]);
  });

  it('stays linear for a while first, as SYNs since Linux 6.5', () => {
    expect(backoff(1, 6, 4)).to.deep.equal([1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131]);
  });
});
