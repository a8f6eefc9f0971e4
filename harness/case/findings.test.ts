import { expect } from 'chai';
import { Findings } from './findings.ts';
import { judge } from './judge.ts';
import { lackOf } from './needs.ts';

class Hands extends Findings {}

/** What a case that does this is judged. */
function judged(work: (hands: Hands) => void): ReturnType<typeof judge> {
  const hands = new Hands();
  try {
    work(hands);
    return judge(undefined, hands.faults);
  } catch (error) {
    return judge(error, hands.faults);
  }
}

describe('findings', () => {
  it('reports a policy that is not declared, and names the trait', () => {
    const { verdict, reason } = judged((t) => t.policy('policy.halfClose', undefined, 'close', 'FIN'));
    expect(verdict).to.equal('info');
    expect(reason).to.include('policy.halfClose is not declared');
  });

  it('passes a policy that is kept, and fails one that is not', () => {
    expect(judged((t) => t.policy('policy.halfClose', 'close', 'close', 'FIN')).verdict).to.equal('pass');
    const broken = judged((t) => t.policy('policy.halfClose', 'respond', 'close', 'FIN after 0 bytes'));
    expect(broken.verdict).to.equal('fail');
    expect(broken.faults).to.have.length(1);
    expect(broken.reason).to.include('respond').and.include('FIN after 0 bytes');
  });

  it('judges a time by its bound, with some grace', () => {
    const took = (bound: number | 'never' | undefined, ms: number | null): string =>
      judged((t) => t.bound('timeouts.idle', bound, ms, 'the connection is closed', 9000)).verdict;
    expect(took(1500, 1400)).to.equal('pass');
    expect(took(1500, 2400)).to.equal('pass');
    expect(took(1500, 2600)).to.equal('fail');
    expect(took(1500, null)).to.equal('fail');
    expect(took('never', null)).to.equal('pass');
    expect(took(undefined, null)).to.equal('info');
    expect(took(undefined, 100)).to.equal('info');
  });

  it('fails a case that went on after a fault, whatever came then', () => {
    const { verdict, reason, faults } = judged((t) => {
      t.fault('application', 'the answer is cut');
      t.policy('policy.drain', undefined, 'reset', 'RST');
    });
    expect(verdict).to.equal('fail');
    expect(reason).to.match(/^the answer is cut; reset: RST/);
    expect(faults).to.deep.equal([{ finding: 'application', text: 'the answer is cut' }]);
  });

  it('says what a target would have to declare, and how', () => {
    const target = { traits: { slow: { send: 'x', reply: /y/, afterMs: 1000 } }, info: { name: 'mine' } };
    expect(lackOf({ needs: ['slow'] }, target)).to.equal(null);
    const lack = lackOf({ needs: ['slow', 'large', 'effect'] }, target);
    expect(lack).to.include('traits.large and traits.effect');
    expect(lack).to.include('--path large=/big --path effect=/run --path effects=/count');
  });
});
