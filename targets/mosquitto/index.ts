import { endsWith, findProgram, LARGE, WINDOW_FILLING, type StartContext, type TargetProgram } from '#target';
import {
  connect,
  CONNECTED,
  disconnect,
  KEEP_ALIVE_S,
  messagesOf,
  ping,
  PONG,
  publish,
  PUBLISHED,
  REFUSED,
  subscribe,
} from './packets.ts';

/** A client that says nothing is disconnected by then, milliseconds: it looks every five seconds, and counts whole ones. */
const SILENCE_MS = KEEP_ALIVE_S * 1500 + 5500;

/** Of a message with a topic of one letter, and its length in two bytes. */
const HEAD = 6;

/** It stores a small message, and subscribes to it again and again: each time it comes. */
function large(least: number, topic: string, size: number): string {
  const topics = Array.from({ length: Math.ceil(least / (HEAD + size)) }, () => topic);
  return connect() + publish(topic, 'x'.repeat(size), { retain: true }) + subscribe(topics);
}

const bytes = (packets: string): Uint8Array => Buffer.from(packets, 'latin1');

export const mosquitto: TargetProgram = {
  name: 'mosquitto',
  title: 'Mosquitto, a broker of MQTT',
  install: 'apt-get install mosquitto',
  find: () => findProgram('mosquitto', ['-h'], /^mosquitto version ([\d.]+)/m),
  plan: (context, { program }) => ({
    command: [program, '-c', 'mosquitto.conf'],
    files: { 'mosquitto.conf': configure(context) },
  }),
  ready: 'listen',
  greeting: { send: connect(), reply: endsWith(CONNECTED) },
  traits: {
    // A version that it does not know is refused, on a connection that is greeted already as any second CONNECT is.
    closesFirst: { send: connect({ version: 9 }), reply: endsWith(REFUSED) },
    largeThenCloses: { send: bytes(large(WINDOW_FILLING, 's', 256) + disconnect), bytes: WINDOW_FILLING },
    closesOnFin: true,
    large: { send: bytes(large(LARGE, 'l', 4096) + ping), bytes: LARGE, reply: endsWith(PONG, LARGE) },
    upload: (size) => ({
      send: bytes(connect() + publish('upload', 'x'.repeat(size))),
      reply: endsWith(PUBLISHED),
    }),
    effect: {
      send: connect() + publish('run', 'x'),
      // A session that the broker keeps, and whose messages it keeps, since none is ever acknowledged.
      count: {
        send: bytes(connect({ session: 'runs' }) + subscribe(['run'], 1) + ping),
        reply: endsWith(PONG),
      },
      read: (received) => messagesOf(received, 'run'),
    },
    // net.c, net__socket_listen()
    backlog: 100,
    policy: {
      // MQTT-3.1.2-24: whoever says nothing for one and a half times the keep-alive must be disconnected.
      deadPeerIdleMs: SILENCE_MS,
      deadPeerWritingMs: SILENCE_MS,
    },
  },
};

/** mosquitto.conf: nothing is written, and nothing is limited. */
function configure({ addresses, ports }: StartContext): string {
  const listeners = addresses.map((address) => `listener ${ports['main']} ${address}`);
  return `
${listeners.join('\n')}
# As root it would change to a user whom a lab may not have.
user root
allow_anonymous true
persistence false
sys_interval 0
max_queued_messages 0
max_inflight_messages 0
log_dest stderr
`;
}
