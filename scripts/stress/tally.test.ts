import { expect } from 'chai';
import type { CaseResult, RunResult, Verdict } from '#trace';
import { percentile, Tally } from './tally.ts';

/** A run of one case, with all that a tally looks at. */
function run(verdict: Verdict, durationMs = 1, stimulus = 'FIN', id = 'states/closed'): RunResult {
  const states = { server: [{ state: 'LISTEN', atUs: 0, cause: '' }], client: [] };
  const result = { id, target: 'echo', family: 4, verdict, durationMs, stimulus, states };
  return { cases: [result as unknown as CaseResult] } as unknown as RunResult;
}

function tallyOf(...runs: readonly RunResult[]): Tally {
  const tally = new Tally();
  for (const one of runs) tally.add(one);
  return tally;
}

describe('the tally of a stress proof', () => {
  it('finds no difference where all pass in the same way', () => {
    const tally = tallyOf(run('pass'), run('pass'), run('pass', 1, 'SYN', 'states/syn-rcvd'));
    expect(tally).to.deep.include({ repeats: 3, cases: 2, differences: [] });
    expect([...tally.verdicts]).to.deep.equal([['pass', 3]]);
  });

  for (const verdict of ['fail', 'inconclusive', 'skipped'] as const) {
    it(`finds one that is ${verdict}, and says in which repeat`, () => {
      const tally = tallyOf(run('pass'), run(verdict), run('pass'));
      expect(tally.differences.map(({ repeat, what }) => ({ repeat, what }))).to.deep.equal([
        { repeat: 2, what: verdict },
      ]);
    });
  }

  it('finds a verdict that is not the same each time, and none that is', () => {
    expect(tallyOf(run('info'), run('info')).differences).to.deep.equal([]);
    const { differences } = tallyOf(
      run('pass', 1, 'FIN', 'close/idle-fin'),
      run('info', 1, 'FIN', 'close/idle-fin'),
    );
    expect(differences.map(({ what }) => what)).to.deep.equal(['first: pass; now: info']);
  });

  it('finds one that passes in another way', () => {
    const { differences } = tallyOf(run('pass'), run('pass', 1, 'SIGKILL'));
    expect(differences.map(({ what }) => what)).to.deep.equal(['first: FIN → LISTEN; now: SIGKILL → LISTEN']);
  });

  it('tells how long cases took, all and each', () => {
    const tally = tallyOf(
      ...[4, 1, 3, 2].map((ms) => run('pass', ms)),
      run('pass', 90, 'SYN', 'states/listen'),
    );
    expect(tally.durations('states/closed')).to.deep.equal({ p50: 2, p95: 4, max: 4 });
    expect(tally.durations()).to.deep.equal({ p50: 3, p95: 90, max: 90 });
    expect(tally.ids).to.deep.equal(['states/closed', 'states/listen']);
  });

  it('takes percentiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([50, 95, 100].map((percent) => percentile(hundred, percent))).to.deep.equal([50, 95, 100]);
    expect(percentile([], 50)).to.be.NaN;
  });
});
