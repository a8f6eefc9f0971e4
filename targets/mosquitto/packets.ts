/** MQTT 3.1.1: packets as they go over the wire. */

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const PINGREQ = 12;
const DISCONNECT = 14;

/** Seconds after one and a half of which a silent client is disconnected (section 3.1.2.10). */
export const KEEP_ALIVE_S = 1;

/** Answers to {@link connect}, {@link publish} and {@link ping}. */
export const CONNECTED = ' \x02\0\0';
export const REFUSED = ' \x02\0\x01';
export const PUBLISHED = '@\x02\0\x01';
export const PONG = '\xd0\0';

interface Connect {
  /** Of the protocol: 4 is 3.1.1. */
  readonly version?: number;
  /** Its name, to be kept by the server; left out: the session ends with the connection. */
  readonly session?: string;
}

export function connect({ version = 4, session = '' }: Connect = {}): string {
  const flags = session === '' ? 2 : 0;
  const settings = String.fromCharCode(version, flags, 0, KEEP_ALIVE_S);
  return packet(CONNECT, 0, `${text('MQTT')}${settings}${text(session)}`);
}

/** A message that is acknowledged: quality of service 1. */
export function publish(topic: string, message: string, { retain = false } = {}): string {
  return packet(PUBLISH, retain ? 3 : 2, `${text(topic)}\0\x01${message}`);
}

/** @param quality of service, at the most */
export function subscribe(topics: readonly string[], quality = 0): string {
  const filters = topics.map((topic) => `${text(topic)}${String.fromCharCode(quality)}`);
  return packet(SUBSCRIBE, 2, `\0\x01${filters.join('')}`);
}

export const ping = packet(PINGREQ, 0, '');
export const disconnect = packet(DISCONNECT, 0, '');

/** How many messages have come with a topic. */
export function messagesOf(received: string, topic: string): number {
  return received.split(text(topic)).length - 1;
}

function packet(type: number, flags: number, body: string): string {
  let length = '';
  for (let left = body.length; ;) {
    const rest = left >> 7;
    length += String.fromCharCode((left & 0x7f) | (rest > 0 ? 0x80 : 0));
    if (rest === 0) break;
    left = rest;
  }
  return `${String.fromCharCode((type << 4) | flags)}${length}${body}`;
}

function text(value: string): string {
  return `${String.fromCharCode(value.length >> 8, value.length & 0xff)}${value}`;
}
