import { expect } from 'chai';
import type { Verdict } from '#trace';
import { judgeFaulty, judgeTwin, unknownCases, type Suspect, type Verdicts } from './judge.ts';

const fault: Suspect = {
  name: 'leaks',
  caughtBy: ['close/idle-fin'],
  mayFail: ['reuse/*', 'states/closed'],
  twin: { name: 'leaks-sound' },
};

const results = (verdicts: Record<string, Verdict>): Verdicts =>
  Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, reason: 'because' }));

const named = (problems: readonly { case: string }[]): string[] => problems.map((problem) => problem.case);

describe('the proof by faulty servers', () => {
  it('is content when the fault is caught, and nothing else fails', () => {
    expect(
      judgeFaulty(fault, results({ 'close/idle-fin': 'fail', 'close/simultaneous': 'pass' })),
    ).to.deep.equal([]);
  });

  for (const verdict of ['pass', 'info', 'inconclusive', 'unsupported', 'skipped'] as const) {
    it(`tells of a fault that is missed by ${verdict}`, () => {
      expect(named(judgeFaulty(fault, results({ 'close/idle-fin': verdict })))).to.deep.equal([
        'close/idle-fin',
      ]);
    });
  }

  it('tells of a case that fails without a cause, or does not decide', () => {
    const verdicts = {
      'close/idle-fin': 'fail',
      'close/simultaneous': 'fail',
      'states/listen': 'inconclusive',
    } as const;
    expect(named(judgeFaulty(fault, results(verdicts)))).to.deep.equal([
      'close/simultaneous',
      'states/listen',
    ]);
  });

  it('lets those fail in which the same fault shows', () => {
    const verdicts = {
      'close/idle-fin': 'fail',
      'reuse/four-tuple': 'fail',
      'states/closed': 'fail',
    } as const;
    expect(judgeFaulty(fault, results(verdicts))).to.deep.equal([]);
  });

  it('tells of a sound twin that fails', () => {
    expect(
      named(judgeTwin(fault, results({ 'close/idle-fin': 'fail', 'states/listen': 'pass' }))),
    ).to.deep.equal(['close/idle-fin']);
  });

  it('tells of a case that the table names and the suites do not have', () => {
    const ids = ['close/idle-fin', 'reuse/four-tuple', 'states/closed'];
    expect(unknownCases([fault], ids)).to.deep.equal([]);
    expect(named(unknownCases([{ ...fault, caughtBy: ['close/idle-fins'] }], ids))).to.deep.equal([
      'close/idle-fins',
    ]);
    expect(named(unknownCases([fault], ids.slice(0, 1)))).to.deep.equal(['reuse/*', 'states/closed']);
  });
});
