import { release } from 'node:os';
import { CloseWaitError } from '#core';
import type { Availability, Observer } from './contract.ts';
import { rowFilter } from './filter.ts';
import { parseNetstat } from './parse-netstat.ts';
import { askTool, runTool } from './run-tool.ts';

/** One of the programs that are called netstat, and how it is asked for all of TCP. */
type Netstat = Availability & { readonly command?: readonly [string, ...string[]] };

let found: Netstat | undefined;

/** `netstat` of net-tools, busybox, macOS or FreeBSD: slower than ss, and where there is no ss. */
export const netstat: Observer = {
  name: 'netstat',
  available: () => (found ??= look()),
  list: async (namespace, filter = {}) => {
    const { command, ...availability } = (found ??= look());
    if (command === undefined) {
      const { reason, remedy } = availability as Availability & { ok: false };
      throw new CloseWaitError('CW_OBSERVER', reason, { remedy });
    }
    return parseNetstat(await runTool(namespace, command)).filter(rowFilter(filter));
  },
};

/** BSD's netstat cuts IPv6 addresses short unless -l (macOS) or -W (FreeBSD) is given; -v adds macOS's process ids. */
const BSD = {
  darwin: ['netstat', '-anvlW', '-p', 'tcp'],
  freebsd: ['netstat', '-anW', '-p', 'tcp'],
} as const;

function look(): Netstat {
  if (process.platform === 'darwin' || process.platform === 'freebsd') {
    return { ok: true, version: `${process.platform} ${release()}`, command: BSD[process.platform] };
  }
  const said = askTool('netstat', ['--version']) ?? '';
  const netTools = /net-tools \S+/.exec(said)?.[0];
  if (netTools !== undefined) {
    return { ok: true, version: netTools, command: ['netstat', '-tanpo', '--wide'] };
  }
  const busybox = busyboxVersion(said);
  if (busybox !== undefined) return { ok: true, version: busybox, command: ['netstat', '-tan'] };
  const applet = busyboxVersion(askTool('busybox', ['netstat', '--help']) ?? '');
  if (applet !== undefined) return { ok: true, version: applet, command: ['busybox', 'netstat', '-tan'] };
  return { ok: false, reason: 'there is no `netstat` command', remedy: 'install net-tools' };
}

/** Busybox answers every option that it does not know with its version and a usage; a missing applet with neither. */
function busyboxVersion(said: string): string | undefined {
  return said.includes('Usage: netstat') ? /BusyBox v\S+/.exec(said)?.[0] : undefined;
}
