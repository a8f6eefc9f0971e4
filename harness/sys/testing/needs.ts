import type { Context } from 'mocha';
import { messageOf } from '#core';
import { Namespace } from '#sys';

/** A `before` hook: skips where no network namespace can be made, and says why. */
export function needsNamespaces(this: Context): void {
  try {
    Namespace.create().close();
  } catch (error) {
    this.test!.parent!.title += ` (no network namespace: ${messageOf(error)})`;
    this.skip();
  }
}
