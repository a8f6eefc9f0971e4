import { createLab, labPrivilege, loopbackHost } from '#lab';
import type { Plane } from '#trace';
import type { TargetDefinition } from './contract.ts';
import type { RunningTarget } from './running.ts';
import { startTarget, type StartOptions } from './start.ts';

/** Why nothing can be started on a plane of this machine; null: it can. */
export function whyNotOn(plane: Plane): string | null {
  if (plane === 'loopback') return null;
  const privilege = labPrivilege();
  return privilege.ok ? null : `${privilege.reason}; ${privilege.remedy}`;
}

/** For tests of targets: starts one on a plane, on a network of its own where that is the wire, and ends it after the work. */
export async function tryTarget<T>(
  definition: TargetDefinition,
  plane: Plane,
  work: (target: RunningTarget) => Promise<T>,
  options: StartOptions = {},
): Promise<T> {
  const lab = plane === 'wire' ? createLab() : null;
  const host = lab?.server ?? loopbackHost();
  try {
    const target = await startTarget(definition, host, options);
    try {
      return await work(target);
    } finally {
      await target.stop();
    }
  } finally {
    if (lab === null) host.sockets?.close();
    else lab.close();
  }
}
