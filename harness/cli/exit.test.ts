import { expect } from 'chai';
import { FLAKY, NOT_STARTED, summarize, type CaseResult, type Verdict } from '#trace';
import { exitOfRun, type Counting } from './exit.ts';

const ran = (verdict: Verdict, reason = ''): CaseResult => ({ verdict, reason }) as CaseResult;
const exitOf = (...cases: CaseResult[]): number => counting({ unmet: 0, requirePrivileged: false }, ...cases);
const counting = (counts: Counting, ...cases: CaseResult[]): number =>
  exitOfRun({ cases, summary: summarize(cases) }, counts);

describe('the exit code of a run', () => {
  it('is 5 when all that failed is flaky, and 1 when something fails each time', () => {
    const flaky = ran('fail', `${FLAKY} of 3 runs: fail 1, pass 2. no FIN`);
    expect(exitOf(ran('pass'), flaky)).to.equal(5);
    expect(exitOf(flaky, ran('fail', 'no FIN'))).to.equal(1);
  });

  it('is 3 when a server could not be started again, whatever else failed', () => {
    const lost: CaseResult = { ...ran('fail', 'it exited with code 1'), actual: NOT_STARTED };
    expect(exitOf(ran('fail', 'no FIN'), ran('pass'), lost)).to.equal(3);
  });

  it('is 5 when a known failure was not there and nothing else failed', () => {
    const unmet = { unmet: 1, requirePrivileged: true };
    expect(counting(unmet, ran('pass'), ran('skipped'))).to.equal(5);
    expect(counting(unmet, ran('pass'), ran('fail', 'no FIN'))).to.equal(1);
    expect(exitOf(ran('known'))).to.equal(0);
  });
});
