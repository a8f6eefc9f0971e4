import { type Cause, EDGES } from './machine-edges.ts';
import type { State } from './states.ts';

/**
 * The states strictly between two that were observed, if there is one way only; null where there is none, or where several
 * would fit. A state that stayed, and a single edge, have nothing between: `[]`.
 *
 * `observed`: all that happened meanwhile, in order, where that is known. The way is then the one that these causes lead, and
 * may be a reset. Without it the connection is taken not to have broken and not to have been reopened, and LISTEN not to have
 * dialled, which no socket call does.
 */
export function pathBetween(from: State, to: State, observed?: readonly Cause[]): readonly State[] | null {
  const ways = observed === undefined ? simpleWays(from, to, []) : waysBy(from, to, observed);
  const [first, ...others] = ways.map((way) => way.slice(0, -1));
  if (first === undefined) return null;
  return others.every((other) => other.join() === first.join()) ? first : null;
}

/** Edges that a connection goes on which nothing unusual happens. */
const ORDINARY = EDGES.filter(
  ({ source, from, to, by }) =>
    source !== 'failure' &&
    by !== 'rcv RST' &&
    !(from === 'LISTEN' && to === 'SYN_SENT') &&
    !(from === 'TIME_WAIT' && to === 'SYN_RCVD'),
);

/** Ways that enter no state twice, each without `from`. What comes after CLOSED is another connection. */
function simpleWays(from: State, to: State, been: readonly State[]): State[][] {
  if (from === to) return [[]];
  if (from === 'CLOSED' && been.length > 0) return [];
  return ORDINARY.filter((edge) => edge.from === from && !been.includes(edge.to)).flatMap((edge) =>
    simpleWays(edge.to, to, [...been, from]).map((way) => [edge.to, ...way]),
  );
}

function waysBy(from: State, to: State, [cause, ...later]: readonly Cause[]): State[][] {
  if (cause === undefined) return from === to ? [[]] : [];
  return EDGES.filter((edge) => edge.from === from && edge.by === cause).flatMap((edge) =>
    waysBy(edge.to, to, later).map((way) => [edge.to, ...way]),
  );
}
