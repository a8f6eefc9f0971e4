import { AssertionError, expect } from 'chai';
import { CloseWaitError } from '#core';
import { judge, VerdictError, worse } from './judge.ts';

describe('judge', () => {
  it('passes what threw nothing', () => {
    expect(judge(undefined)).to.deep.equal({ verdict: 'pass', reason: '', faults: [] });
  });

  it('fails an assertion with its first line, and with what it found', () => {
    const failure = new AssertionError('expected CLOSED\n  0.1 ms LISTEN', { actual: 'LISTEN' });
    expect(judge(failure)).to.deep.equal({
      verdict: 'fail',
      reason: 'expected CLOSED',
      faults: [{ finding: 'states', text: 'expected CLOSED' }],
      actual: 'LISTEN',
    });
  });

  it('fails what did not come on the wire', () => {
    expect(judge(new CloseWaitError('CW_UNMET', 'no FIN'))).to.deep.equal({
      verdict: 'fail',
      reason: 'no FIN',
      faults: [{ finding: 'application', text: 'no FIN' }],
    });
  });

  it('takes a verdict as it is said', () => {
    expect(judge(new VerdictError('unsupported', 'it never dials'))).to.include({
      verdict: 'unsupported',
      reason: 'it never dials',
    });
  });

  it('does not blame the server for what broke in the case', () => {
    expect(judge(new TypeError('x is not a function'))).to.include({ verdict: 'inconclusive' });
    const { verdict, reason } = judge(new CloseWaitError('CW_OBSERVER', 'ss printed nonsense'));
    expect(verdict).to.equal('inconclusive');
    expect(reason).to.include('CW_OBSERVER').and.include('ss printed nonsense');
    expect(judge('a string')).to.include({ verdict: 'inconclusive' });
  });

  it('fails what passed, was reported or not decided when something is found afterwards', () => {
    const died = { finding: 'application', text: 'the server died' } as const;
    for (const thrown of [undefined, new VerdictError('info', 'closes'), new TypeError('no more')]) {
      const { verdict, reason, faults } = worse(judge(thrown), died);
      expect(verdict).to.equal('fail');
      expect(reason).to.match(/^the server died/);
      expect(faults).to.deep.equal([died]);
    }
    expect(worse(judge(new VerdictError('unsupported', 'it never dials')), died)).to.include({
      verdict: 'unsupported',
      reason: 'it never dials; the server died',
    });
  });
});
