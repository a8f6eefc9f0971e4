import { count } from './attributes.ts';
import { toxicType } from './contract.ts';

/**
 * The other toxics of its proxy, in both directions, act on the first `connections` connections only, counted from when it
 * was added: a client that tries again is let through in the end.
 */
export const firstN = toxicType({
  attributes: { connections: count },
  extension: true,
  connections: ({ connections }) => connections,
});
