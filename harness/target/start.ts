import { CloseWaitError } from '#core';
import { NOBODY, type Host } from '#lab';
import type { Family } from '#tcp';
import { attach } from './attach.ts';
import type { DialTo, TargetDefinition } from './contract.ts';
import type { RunningTarget } from './running.ts';
import { StartedTarget } from './started-target.ts';

export interface StartOptions {
  /** Left out: all that the host has. */
  readonly families?: readonly Family[];
  /** Where the target is to dial when it is asked to. Left out: in a lab where nobody answers, elsewhere nowhere. */
  readonly dialTo?: DialTo;
  /** How long it may take until it is ready, milliseconds. */
  readonly startMs?: number;
  /** How long it may take to end by itself after SIGTERM, milliseconds. */
  readonly stopMs?: number;
}

/**
 * Starts a server on a host, or takes up one that runs already, and waits until it answers its greeting on every family.
 * Whatever fails, nothing of it is left behind.
 * @throws CW_TARGET_NOT_INSTALLED, CW_TARGET_START, CW_TARGET_COMMAND, CW_TARGET_GREETING, CW_TARGET_PORT; CW_PLANE for a
 * server that runs already and a host that is not this machine
 */
export async function startTarget(
  definition: TargetDefinition,
  host: Host,
  options: StartOptions = {},
): Promise<RunningTarget> {
  const families = ([4, 6] as const).filter(
    (family) => host.addresses[family] !== undefined && (options.families ?? [4, 6]).includes(family),
  );
  if ('address' in definition) return attach(definition, host);
  const installed = definition.find();
  if (installed === null) {
    const remedy = definition.install === '' ? {} : { remedy: definition.install };
    throw new CloseWaitError(
      'CW_TARGET_NOT_INSTALLED',
      `the target '${definition.name}' is not installed here`,
      remedy,
    );
  }
  const dialTo = options.dialTo ?? (host.link === null ? {} : NOBODY);
  return StartedTarget.start(definition, installed, host, {
    families,
    dialTo,
    startMs: options.startMs ?? 15_000,
    stopMs: options.stopMs ?? 3000,
  });
}
