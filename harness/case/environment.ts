import { release, type, version } from 'node:os';
import { isReexecuted, readSysctl } from '#lab';
import type { EnvironmentInfo } from '#trace';
import type { Place } from './place.ts';

/** What decides how long states last and how queues behave (Documentation/networking/ip-sysctl). */
const SYSCTLS = [
  'core.somaxconn',
  'ipv4.tcp_abort_on_overflow',
  'ipv4.tcp_fin_timeout',
  'ipv4.tcp_keepalive_intvl',
  'ipv4.tcp_keepalive_probes',
  'ipv4.tcp_keepalive_time',
  'ipv4.tcp_max_syn_backlog',
  'ipv4.tcp_max_tw_buckets',
  'ipv4.tcp_orphan_retries',
  'ipv4.tcp_retries2',
  'ipv4.tcp_rfc1337',
  'ipv4.tcp_syn_linear_timeouts',
  'ipv4.tcp_syn_retries',
  'ipv4.tcp_synack_retries',
  'ipv4.tcp_syncookies',
  'ipv4.tcp_timestamps',
  'ipv4.tcp_tw_reuse',
] as const;

/** What a run ran on. @param ss first line of the witness's version, empty when there is none */
export function describeEnvironment(place: Place, planeReason: string, ss: string): EnvironmentInfo {
  return {
    plane: place.plane,
    planeReason,
    os: type(),
    kernel: `${release()} ${version()}`,
    node: process.version,
    user: process.getuid?.() === 0 && !isReexecuted() ? 'root' : 'ordinary',
    link: place.link,
    ss,
    sysctls: process.platform === 'linux' ? readSysctls(place) : {},
  };
}

function readSysctls(place: Place): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of SYSCTLS) {
    try {
      values[`net.${name}`] = readSysctl(place.host, name);
    } catch {
      // Some are of the first namespace alone, others not in every kernel: what cannot be read is not told.
    }
  }
  return values;
}
