import { AssertionError } from 'chai';
import { expect, takeUnawaited } from './index.ts';
import { CloseWaitError } from '#core';
import { Trace, type StateSource } from '#trace';
import type { State, StateName } from '#tcp';

/** A connection whose states are told in advance: one more at each look. */
class Scripted implements StateSource {
  readonly trace = new Trace();
  readonly #states: State[];
  looks = 0;

  constructor(...states: State[]) {
    this.#states = states;
  }

  state(): State {
    const state = this.#states[Math.min(this.looks++, this.#states.length - 1)]!;
    this.trace.state('server', state, 'lookup');
    return state;
  }

  path() {
    return this.trace.path('server');
  }

  changed(): Promise<void> {
    return Promise.resolve();
  }

  toString(): string {
    return 'the socket';
  }
}

/** What an assertion throws. */
async function failureOf(assertion: () => unknown): Promise<Error & Record<string, unknown>> {
  try {
    await assertion();
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('it held');
}

describe('chai: states', () => {
  afterEach(() => void takeUnawaited());

  describe('.be.in.state', () => {
    it('holds for the state that a lookup finds', () => {
      expect(new Scripted('CLOSE_WAIT')).to.be.in.state('CLOSE_WAIT');
      expect(new Scripted('CLOSE_WAIT')).not.to.be.in.state('LAST_ACK');
      expect(new Scripted('CLOSE_WAIT')).to.be.in.oneOfStates(['LAST_ACK', 'CLOSE_WAIT']);
    });

    it('takes the spellings of ss and netstat', () => {
      expect(new Scripted('SYN_RCVD')).to.be.in.state('SYN-RECV');
      expect(new Scripted('FIN_WAIT_1')).to.be.in.state('FIN_WAIT1');
      expect(new Scripted('ESTABLISHED')).to.be.in.state('ESTAB');
    });

    it('fails with what it found, and with the path', async () => {
      const source = new Scripted('ESTABLISHED', 'CLOSE_WAIT');
      source.state();
      const failure = await failureOf(() => expect(source).to.be.in.state('LAST_ACK'));
      expect(failure).to.be.instanceOf(AssertionError);
      expect(failure).to.include({ actual: 'CLOSE_WAIT', expected: 'LAST_ACK', showDiff: true });
      expect(failure.message).to.match(
        /the socket to be in LAST_ACK; it is in CLOSE_WAIT\n.*ESTABLISHED.*\n.*CLOSE_WAIT/,
      );
    });

    it('refuses a name that is no state, and a subject that is no connection', async () => {
      const typo = await failureOf(() =>
        expect(new Scripted('LISTEN')).to.be.in.state('CLOSEWAITING' as StateName),
      );
      expect(typo).to.be.instanceOf(CloseWaitError).with.property('code', 'CW_STATE_NAME');
      const number = await failureOf(() => expect(7).to.be.in.state('LISTEN'));
      expect(number).to.be.instanceOf(TypeError);
    });
  });

  describe('.pass.through', () => {
    const source = new Scripted('ESTABLISHED', 'FIN_WAIT_1', 'CLOSING', 'TIME_WAIT');
    before(() => {
      for (let look = 0; look < 4; look++) source.state();
    });

    it('holds for states that followed one right after the other', () => {
      expect(source).to.pass.through('FIN_WAIT_1', 'CLOSING', 'TIME_WAIT');
      expect(source).not.to.pass.through('FIN_WAIT_1', 'TIME_WAIT');
      expect(source).not.to.pass.through('CLOSING', 'FIN_WAIT_1');
    });

    it('fails with the path', async () => {
      const failure = await failureOf(() => expect(source).to.pass.through('FIN_WAIT_1', 'FIN_WAIT_2'));
      expect(failure).to.include({
        expected: 'FIN_WAIT_1 → FIN_WAIT_2',
        actual: 'ESTABLISHED → FIN_WAIT_1 → CLOSING → TIME_WAIT',
      });
    });
  });

  describe('.reach', () => {
    it('waits until the state is entered', async () => {
      const source = new Scripted('ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'CLOSE_WAIT');
      await expect(source).to.reach('CLOSE_WAIT').within(1000);
      expect(source.looks).to.equal(4);
    });

    it('counts a state that was left again', async () => {
      await expect(new Scripted('ESTABLISHED', 'LAST_ACK', 'CLOSED')).to.reach('LAST_ACK');
    });

    it('fails after its time with what it found', async () => {
      const failure = await failureOf(() =>
        expect(new Scripted('CLOSE_WAIT')).to.reach('LAST_ACK').within(5),
      );
      expect(failure).to.include({ expected: 'LAST_ACK', actual: 'CLOSE_WAIT' });
      expect(failure.message).to.include('within 5 ms');
      await expect(new Scripted('CLOSE_WAIT')).not.to.reach('LAST_ACK').within(5);
    });
  });

  describe('.stay.in', () => {
    it('holds while the state does not change', async () => {
      await expect(new Scripted('FIN_WAIT_2')).to.stay.in('FIN_WAIT_2').for(5);
    });

    it('fails at once when it changes', async () => {
      const source = new Scripted('FIN_WAIT_2', 'CLOSED');
      const failure = await failureOf(() => expect(source).to.stay.in('FIN_WAIT_2').for(60_000));
      expect(failure).to.include({ expected: 'FIN_WAIT_2', actual: 'CLOSED' });
    });
  });

  describe('a forgotten await', () => {
    it('is remembered until it is told', () => {
      const source = new Scripted('LISTEN');
      void expect(source).to.reach('CLOSED');
      void expect(source).to.reach('CLOSED').within(10);
      void expect(source).to.stay.in('LISTEN').for(10);
      expect(source.looks).to.equal(0);
      expect(takeUnawaited()).to.deep.equal([
        "expect(the socket).to.reach('CLOSED').within(2000)",
        "expect(the socket).to.reach('CLOSED').within(10)",
        "expect(the socket).to.stay.in('LISTEN').for(10)",
      ]);
      expect(takeUnawaited()).to.deep.equal([]);
    });

    it('is told of the connections asked for alone', () => {
      const [mine, other] = [new Scripted('LISTEN'), new Scripted('LISTEN')];
      void expect(other).to.reach('CLOSED');
      expect(takeUnawaited([mine])).to.deep.equal([]);
      expect(takeUnawaited([other])).to.have.length(1);
    });

    it('is none when it was awaited', async () => {
      await expect(new Scripted('LISTEN')).to.reach('LISTEN');
      expect(takeUnawaited()).to.deep.equal([]);
    });
  });
});
