import type { Context } from 'mocha';
import { messageOf } from '#core';
import { Namespace } from '#sys';

/** For a `before` hook: skips where no network namespace can be made, and says why. */
export function needsNamespaces(context: Context): void {
  try {
    Namespace.create().close();
  } catch (error) {
    context.test!.parent!.title += ` (no network namespace: ${messageOf(error)})`;
    context.skip();
  }
}
