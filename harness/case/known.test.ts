import { expect } from 'chai';
import type { CaseResult } from '#trace';
import type { KnownFailure } from './contract.ts';
import { applyKnown, unmetKnown } from './known.ts';

const entry: KnownFailure = {
  target: 'nginx',
  case: 'close/idle-fin',
  reason: 'by design',
  reference: 'nginx ticket 1300',
  message: 'not within',
};

function result(changes: Partial<CaseResult> = {}): CaseResult {
  const failed = {
    id: 'close/idle-fin',
    target: 'nginx',
    family: 4,
    verdict: 'fail',
    reason: 'closed: not within 9 ms',
  };
  return { ...failed, ...changes } as CaseResult;
}

describe('a failure that is known', () => {
  it('is told with its reference, and its own reason is kept', () => {
    expect(applyKnown(result(), [entry])).to.deep.include({
      verdict: 'known',
      reason: 'closed: not within 9 ms (known: by design, nginx ticket 1300)',
    });
  });

  const others: [string, Partial<CaseResult>, Partial<KnownFailure>][] = [
    ['of another target', { target: 'redis' }, {}],
    ['of another case', { id: 'close/simultaneous' }, {}],
    ['on the other family', {}, { family: 6 }],
    ['that says something else', { reason: 'the server died' }, {}],
    ['that has expired', {}, { expires: '2026-05-04' }],
    ['that is none, since the case passed', { verdict: 'pass' }, {}],
    ['that is none, since the case did not decide', { verdict: 'inconclusive' }, {}],
  ];
  for (const [what, changes, known] of others) {
    it(`is not one ${what}`, () => {
      const judged = result(changes);
      expect(applyKnown(judged, [{ ...entry, ...known }], '2026-05-04')).to.equal(judged);
    });
  }

  it('is one until the day before it expires', () =>
    expect(applyKnown(result(), [{ ...entry, expires: '2026-05-04' }], '2026-05-03').verdict).to.equal(
      'known',
    ));
});

describe('a known failure that was not there', () => {
  const six = { family: 6 } as const;
  const unmet: [string, CaseResult[], Partial<KnownFailure>, boolean][] = [
    ['its case passed', [result({ verdict: 'pass' })], {}, true],
    ['its case only reported', [result({ verdict: 'info' })], {}, true],
    [
      'its case passed on the family that it names',
      [result(), result({ verdict: 'pass', ...six })],
      six,
      true,
    ],
    ['it was there', [result({ verdict: 'known' })], {}, false],
    [
      'it was there on one family of both',
      [result({ verdict: 'known' }), result({ verdict: 'pass', ...six })],
      {},
      false,
    ],
    ['the case failed otherwise', [result()], {}, false],
    ['the case did not decide', [result({ verdict: 'inconclusive' })], {}, false],
    ['the case was skipped', [result({ verdict: 'skipped' })], {}, false],
    ['the case did not run', [result({ id: 'states/listen', verdict: 'pass' })], {}, false],
    ['it is there only sometimes', [result({ verdict: 'pass' })], { sometimes: true }, false],
  ];
  for (const [what, results, changes, expected] of unmet) {
    it(`is ${expected ? '' : 'not '}told where ${what}`, () => {
      const known = { ...entry, ...changes };
      expect(unmetKnown(results, [known])).to.deep.equal(expected ? [known] : []);
    });
  }
});
