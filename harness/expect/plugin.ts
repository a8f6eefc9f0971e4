import { parseState, type State, type StateName } from '#tcp';
import type { StateSource } from '#trace';
import { PendingAssertion } from './pending.ts';
import { waitUntil } from './wait.ts';

/** How long an awaited assertion may take where nothing else is said, ms. */
const DEFAULT_WITHIN_MS = 2000;

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Chai {
    interface Assertion {
      in: InState;
      pass: { through(...states: StateName[]): Assertion };
      stay: { in(state: StateName): { for(ms: number): PromiseLike<void> } };
      /** Awaited: the socket enters the state (or was in it) within the time; 2000 ms unless `.within` says otherwise. */
      reach(state: StateName): PromiseLike<void> & { within(ms: number): PromiseLike<void> };
    }
    interface InState {
      /** Now, by a lookup. */
      state(state: StateName): Assertion;
      oneOfStates(states: readonly StateName[]): Assertion;
    }
  }
}

/** chai's words for the states of a server's socket: `use(closewaitChai)`. */
export const closewaitChai: Chai.ChaiPlugin = (chai, utils) => {
  const { Assertion } = chai;

  const sourceOf = (assertion: Chai.AssertionStatic): StateSource => {
    const subject: unknown = utils.flag(assertion, 'object');
    if (!isStateSource(subject)) {
      throw new TypeError('this assertion is about a connection: a peer or a client, as a case gets it');
    }
    return subject;
  };

  Assertion.addProperty('in', function (this: Chai.AssertionStatic) {
    const judge = (states: readonly StateName[]): Chai.AssertionStatic => {
      const source = sourceOf(this);
      const wanted = states.map(parseState);
      const found = source.state();
      const text = wanted.join(' or ');
      this.assert(
        wanted.includes(found),
        `expected ${String(source)} to be in ${text}; it is in ${found}\n${journey(source)}`,
        `expected ${String(source)} not to be in ${text}\n${journey(source)}`,
        text,
        found,
        true,
      );
      return this;
    };
    return { state: (state: StateName) => judge([state]), oneOfStates: judge };
  });

  Assertion.addProperty('pass', function (this: Chai.AssertionStatic) {
    const through = (...states: StateName[]): Chai.AssertionStatic => {
      const source = sourceOf(this);
      const wanted = states.map(parseState);
      const seen = source.path().map(({ state }) => state);
      this.assert(
        containsRun(seen, wanted),
        `expected ${String(source)} to pass through ${wanted.join(' → ')}; its path was ${seen.join(' → ')}\n${journey(source)}`,
        `expected ${String(source)} not to pass through ${wanted.join(' → ')}\n${journey(source)}`,
        wanted.join(' → '),
        seen.join(' → '),
        true,
      );
      return this;
    };
    return { through };
  });

  Assertion.addMethod('reach', function (this: Chai.AssertionStatic, name: StateName) {
    const source = sourceOf(this);
    const state = parseState(name);
    const within = (ms: number) =>
      new PendingAssertion(
        source,
        `expect(${String(source)}).to.reach('${state}').within(${ms})`,
        async () => {
          const entered = () => source.path().some((entry) => entry.state === state);
          const reached = await waitUntil(source, ms, entered);
          const found = source.path().at(-1)?.state;
          this.assert(
            reached,
            `expected ${String(source)} to reach ${state} within ${ms} ms; it is in ${found}\n${journey(source)}`,
            `expected ${String(source)} not to reach ${state} within ${ms} ms\n${journey(source)}`,
            state,
            found,
            true,
          );
        },
      );
    const plain = within(DEFAULT_WITHIN_MS);
    return Object.assign(plain, {
      within(ms: number) {
        plain.withdraw();
        return within(ms);
      },
    });
  });

  Assertion.addProperty('stay', function (this: Chai.AssertionStatic) {
    const source = sourceOf(this);
    const stayFor = (name: StateName, ms: number) => {
      const state = parseState(name);
      return new PendingAssertion(
        source,
        `expect(${String(source)}).to.stay.in('${state}').for(${ms})`,
        async () => {
          const left = await waitUntil(source, ms, () => source.path().at(-1)?.state !== state);
          const found = source.path().at(-1)?.state;
          this.assert(
            !left,
            `expected ${String(source)} to stay in ${state} for ${ms} ms; it went to ${found}\n${journey(source)}`,
            `expected ${String(source)} to leave ${state} within ${ms} ms\n${journey(source)}`,
            state,
            found,
            true,
          );
        },
      );
    };
    return { in: (name: StateName) => ({ for: (ms: number) => stayFor(name, ms) }) };
  });
};

function isStateSource(subject: unknown): subject is StateSource {
  const source = subject as Partial<StateSource> | null | undefined;
  return typeof source?.state === 'function' && typeof source.path === 'function';
}

/** Whether `run` stands in `path`, one right after the other. */
function containsRun(path: readonly State[], run: readonly State[]): boolean {
  return path.some((_, start) => run.every((state, offset) => path[start + offset] === state));
}

/** The path with its times, a line a state. */
function journey(source: StateSource): string {
  return source
    .path()
    .map(
      ({ state, atUs, cause }) =>
        `  ${(atUs / 1000).toFixed(1).padStart(9)} ms  ${state.padEnd(11)}  ${cause}`,
    )
    .join('\n');
}
