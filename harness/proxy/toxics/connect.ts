import { milliseconds } from './attributes.ts';
import { toxicType } from './contract.ts';

/** New connections are accepted and reset at once; the upstream is not dialled. */
export const refuse = toxicType({
  attributes: {},
  extension: true,
  opening: () => ({ act: 'refuse', ms: 0 }),
});

/**
 * The upstream of new connections is dialled only after `timeout` ms, or with 0 when the toxic is removed. Until then the
 * client's connection is open and unanswered, and what it sends is kept, within bounds.
 */
export const hangConnect = toxicType({
  attributes: { timeout: milliseconds },
  extension: true,
  opening: ({ timeout }) => ({ act: 'hang', ms: timeout }),
});
