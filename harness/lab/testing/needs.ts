import type { Context } from 'mocha';
import { labPrivilege } from '#lab';

/** For a `before` hook: skips where no lab can be made, and says why. */
export function needsLab(context: Context): void {
  const privilege = labPrivilege();
  if (privilege.ok) return;
  context.test!.parent!.title += ` (${privilege.reason})`;
  context.skip();
}
