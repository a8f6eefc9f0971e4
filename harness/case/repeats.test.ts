import { expect } from 'chai';
import type { CaseResult, Verdict } from '#trace';
import { foldRepeats } from './repeats.ts';

const ran = (verdict: Verdict, reason = ''): CaseResult => ({ verdict, reason }) as CaseResult;

describe('repeats', () => {
  it('of one verdict are that verdict, with nothing added', () => {
    expect(foldRepeats([ran('pass'), ran('pass')])).to.deep.equal(ran('pass'));
    expect(foldRepeats([ran('fail', 'no FIN')])).to.deep.equal(ran('fail', 'no FIN'));
  });

  it('that differ are the worst, and say how many of how many', () => {
    const folded = foldRepeats([ran('pass'), ran('fail', 'no FIN'), ran('pass')]);
    expect(folded).to.include({ verdict: 'fail', reason: 'flaky, of 3 runs: fail 1, pass 2. no FIN' });
    expect(foldRepeats([ran('pass'), ran('inconclusive', 'late')]).verdict).to.equal('inconclusive');
  });
});
