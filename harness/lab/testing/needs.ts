import type { Context } from 'mocha';
import { labPrivilege } from '#lab';

/** A `before` hook: skips where no lab can be made, and says why. */
export function needsLab(this: Context): void {
  const privilege = labPrivilege();
  if (privilege.ok) return;
  this.test!.parent!.title += ` (${privilege.reason})`;
  this.skip();
}
