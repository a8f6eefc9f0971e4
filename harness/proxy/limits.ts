import { isIP } from 'node:net';
import { bad } from './refusal.ts';
import type { Attribute } from './toxics/index.ts';

/** A body takes no more bytes than this: about 10,000 proxies. */
export const MAX_BODY = 1024 * 1024;

const MAX_NAME = 200;

/** What a name cannot be so that an URL can name it. @throws Refusal */
export function checkName(name: string, what: string): void {
  if (name.length > MAX_NAME) throw bad(what, `it has ${name.length} characters; ${MAX_NAME} are the most`);
  if (name === '.' || name === '..') throw bad(what, `'${name}' cannot be the name in a URL`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[/\u0000-\u001f\u007f]/.test(name))
    throw bad(what, `${JSON.stringify(name)} has a '/' or a control character, which no URL can name`);
}

/** @throws Refusal */
export function checkToxicity(toxicity: number): void {
  if (toxicity < 0 || toxicity > 1) throw bad('toxicity', `${toxicity} is not 0 to 1`);
}

/** @throws Refusal */
export function checkRange(path: string, value: number, attribute: Attribute): void {
  if (attribute.kind === 'string') return;
  const { min, max, unit } = attribute;
  if (value < min || value > max) throw bad(path, `${value} is not ${min} to ${max} ${unit}`.trimEnd());
}

/** A host and a port, apart. */
export interface HostPort {
  /** Without brackets; empty: every address of the machine. */
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[address]:port` or `:port`; null for anything else. */
export function parseHostPort(text: string): HostPort | null {
  const [, inner, plain, digits] = /^(?:\[([^\][]*)\]|([^:\][\s/]*)):(\d{1,5})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) > 65_535) return null;
  if (inner !== undefined && isIP(inner.replace(/%.*$/, '')) !== 6) return null;
  return { host: inner ?? plain!, port: Number(digits) };
}

/** @throws Refusal */
export function checkUpstream(upstream: string): void {
  const parsed = parseHostPort(upstream);
  if (parsed === null || parsed.host === '' || parsed.port === 0)
    throw bad('upstream', `${JSON.stringify(upstream)} is not host:port, such as 127.0.0.1:6379`);
}

/** @throws Refusal */
export function checkListen(listen: string): void {
  if (parseHostPort(listen) === null)
    throw bad('listen', `${JSON.stringify(listen)} is not host:port, such as 127.0.0.1:26379`);
}
