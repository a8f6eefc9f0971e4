import type { Reply } from './contract.ts';

/**
 * An answer that is known by its end.
 * @param least it has more bytes than that: what ends so before is a part of it
 */
export function endsWith(end: string, least = 0): Reply {
  return {
    test: (received) => received.length > least && received.endsWith(end),
    toString: () => `an answer of more than ${least} bytes that ends with ${JSON.stringify(end)}`,
  };
}
