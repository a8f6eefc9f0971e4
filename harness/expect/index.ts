import { use } from 'chai';
import { closewaitChai } from './plugin.ts';

export { closewaitChai } from './plugin.ts';
export { takeUnawaited } from './pending.ts';

/** chai's expect, with closewait's words. */
export const { expect } = use(closewaitChai);
