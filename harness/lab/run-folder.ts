import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Warden } from './warden.ts';

/** What one process of closewait leaves on a machine while it runs: a folder, and the children that the warden knows. */
export interface Premises {
  readonly warden: Warden;
  /** A new empty folder for one user of it, under the run's own. */
  folder(name: string): string;
}

let premises: (Premises & { readonly root: string }) | undefined;

/** Made at the first call, removed by {@link closePremises} or, whatever happens, by the warden. */
export function openPremises(): Premises {
  if (premises !== undefined) return premises;
  const warden = new Warden();
  const root = join(tmpdir(), `closewait-${process.pid}-${randomBytes(4).toString('hex')}`);
  warden.folder(root);
  mkdirSync(root, { mode: 0o700 });
  let count = 0;
  premises = {
    warden,
    root,
    folder(name) {
      const path = join(root, `${++count}-${name}`);
      mkdirSync(path);
      return path;
    },
  };
  return premises;
}

/** Removes the folder and lets the warden go. Call it when every target has stopped. */
export function closePremises(): void {
  if (premises === undefined) return;
  rmSync(premises.root, { recursive: true, force: true, maxRetries: 3 });
  premises.warden.close();
  premises = undefined;
}
