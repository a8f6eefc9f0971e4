import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4 } from 'node:net';
import { parseHostPort, type HostPort } from './limits.ts';
import { bad, Refusal } from './refusal.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether an IP address is of this machine's loopback; the empty text is every address, and is not. */
export function isLoopback(address: string): boolean {
  return address !== '' && LOOPBACK.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** The address that a text asks to listen at, names resolved. @throws Refusal 500 with Go's words, as the original has it */
export async function resolveListen(text: string): Promise<HostPort> {
  const parsed = text === '' ? { host: '', port: 0 } : parseHostPort(text);
  if (parsed === null) throw new Refusal(500, `address ${text}: missing port in address`);
  const { host, port } = parsed;
  if (host === '') return parsed;
  try {
    // IPv4 first, as Go does.
    const found = await lookup(host, { all: true });
    const { address } = found.find(({ family }) => family === 4) ?? found[0]!;
    return { host: address, port };
  } catch (error) {
    throw new Refusal(500, `lookup ${host}: no such host`, error);
  }
}

export function formatHostPort({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Says no, or says it loudly, where a proxy is to listen beyond the loopback.
 * @returns the address to bind, no name: what was looked at is what is bound @throws Refusal
 */
export type Admit = (listen: string) => Promise<string>;

/** @param anywhere the server itself listens beyond the loopback, and has said so */
export function admission(anywhere: boolean, strict: boolean, warn: (text: string) => void): Admit {
  return async (listen) => {
    const { host, port } = await resolveListen(listen);
    // Go binds both families where it is asked for every address of IPv4.
    const bound = host === '' || (strict && host === '0.0.0.0') ? '::' : host;
    const address = formatHostPort({ host: bound, port });
    if (anywhere || isLoopback(host)) return address;
    const what = `${listen || 'no address'} is ${isEvery(host) ? 'every address of this machine' : 'not of the loopback'}`;
    if (!strict)
      throw bad(
        'listen',
        `${what}: that is allowed only to a server whose own --listen is beyond the loopback`,
      );
    warn(`a proxy is reachable from outside this machine: ${what}`);
    return address;
  };
}

/** Whether a proxy that listens at `present` stays there when it is asked to listen at `wanted`. @throws Refusal 500 */
export async function staysAt(present: string, wanted: string, strict: boolean): Promise<boolean> {
  if (!strict && present === wanted) return true;
  const resolved = await resolveListen(wanted);
  if (present === formatHostPort(resolved)) return resolved.port !== 0 || !strict;
  const bound = strict ? null : parseHostPort(present);
  // Every address is every address, however it is written.
  return bound !== null && resolved.port === bound.port && isEvery(resolved.host) && isEvery(bound.host);
}

/** {@link staysAt}, where port 0 is any port: for a list that is sent again. @throws Refusal 500 */
export async function mayStayAt(present: string, wanted: string): Promise<boolean> {
  const [bound, asked] = [parseHostPort(present), parseHostPort(wanted)];
  const port = asked?.port === 0 && bound !== null ? bound.port : asked?.port;
  return staysAt(present, asked === null ? wanted : formatHostPort({ host: asked.host, port: port! }), false);
}

function isEvery(host: string): boolean {
  return host === '' || host === '::' || host === '0.0.0.0';
}
