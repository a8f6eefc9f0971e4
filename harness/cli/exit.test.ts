import { expect } from 'chai';
import { FLAKY, summarize, type CaseResult, type Verdict } from '#trace';
import { exitOfRun } from './exit.ts';

const ran = (verdict: Verdict, reason = ''): CaseResult => ({ verdict, reason }) as CaseResult;
const exitOf = (...cases: CaseResult[]): number => exitOfRun({ cases, summary: summarize(cases) }, false);

describe('the exit code of a run', () => {
  it('is 5 when all that failed is flaky, and 1 when something fails each time', () => {
    const flaky = ran('fail', `${FLAKY} of 3 runs: fail 1, pass 2. no FIN`);
    expect(exitOf(ran('pass'), flaky)).to.equal(5);
    expect(exitOf(flaky, ran('fail', 'no FIN'))).to.equal(1);
  });
});
