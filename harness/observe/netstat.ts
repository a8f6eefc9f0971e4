import { release } from 'node:os';
import { CloseWaitError } from '#core';
import type { Availability, Observer, SocketRow } from './contract.ts';
import { rowFilter } from './filter.ts';
import { parseNetstat } from './parse-netstat.ts';
import { askTool, runTool, runToolNow } from './run-tool.ts';

/** One of the programs that are called netstat, and how it is asked for all of TCP. */
export type Netstat =
  | Exclude<Availability, { ok: true }>
  | { readonly ok: true; readonly version: string; readonly command: readonly [string, ...string[]] };

let found: Netstat | undefined;

/** `netstat` of net-tools, busybox, macOS or FreeBSD: slower than ss, and where there is no ss. */
export const netstat: Observer = {
  name: 'netstat',
  available: () => (found ??= findNetstat(process.platform, askTool)),
  list: async (namespace, filter = {}) => {
    const tool = (found ??= findNetstat(process.platform, askTool));
    if (!tool.ok) throw new CloseWaitError('CW_OBSERVER', tool.reason, { remedy: tool.remedy });
    return parseNetstat(await runTool(namespace, tool.command)).filter(rowFilter(filter));
  },
};

/**
 * What {@link netstat} lists of this machine's own network, at once and without a filter: for looking a state up where the
 * kernel has no sock_diag. Some 10 ms. @throws CW_OBSERVER
 */
export function netstatNow(): SocketRow[] {
  const tool = (found ??= findNetstat(process.platform, askTool));
  if (!tool.ok) throw new CloseWaitError('CW_OBSERVER', tool.reason, { remedy: tool.remedy });
  return parseNetstat(runToolNow(tool.command));
}

/** BSD's netstat cuts IPv6 addresses short unless -l (macOS) or -W (FreeBSD) is given; -v adds macOS's process ids. */
const BSD = {
  darwin: ['netstat', '-anvlW', '-p', 'tcp'],
  freebsd: ['netstat', '-anW', '-p', 'tcp'],
} as const;

/** Which netstat this machine has. @param ask {@link askTool} */
export function findNetstat(platform: NodeJS.Platform, ask: typeof askTool): Netstat {
  if (platform === 'darwin' || platform === 'freebsd') {
    return { ok: true, version: `${platform} ${release()}`, command: BSD[platform] };
  }
  const said = ask('netstat', ['--version']) ?? '';
  const netTools = /net-tools \S+/.exec(said)?.[0];
  if (netTools !== undefined) {
    return { ok: true, version: netTools, command: ['netstat', '-tanpo', '--wide'] };
  }
  const busybox = busyboxVersion(said);
  if (busybox !== undefined) return { ok: true, version: busybox, command: ['netstat', '-tan'] };
  const applet = busyboxVersion(ask('busybox', ['netstat', '--help']) ?? '');
  if (applet !== undefined) return { ok: true, version: applet, command: ['busybox', 'netstat', '-tan'] };
  return { ok: false, reason: 'there is no `netstat` command', remedy: 'install net-tools' };
}

/** Busybox answers every option that it does not know with its version and a usage; a missing applet with neither. */
function busyboxVersion(said: string): string | undefined {
  return said.includes('Usage: netstat') ? /BusyBox v\S+/.exec(said)?.[0] : undefined;
}
