import { CloseWaitError } from '#core';
import type { Host } from '#lab';
import { familyOf, formatEndpoint } from '#tcp';
import type { Manners, TargetAddress, TargetDefinition, Told, Traits } from './contract.ts';
import { countAll } from './counts.ts';
import { mergeTraits } from './declared.ts';
import { learnManners } from './detect.ts';
import { greetServer } from './greet.ts';
import type { RunningTarget } from './running.ts';
import type { Endpoint } from '#tcp';

/**
 * A server that runs already on this machine. Nothing is written, started or ended for it.
 * @param like a server that is asked the same things; otherwise what this one speaks is found out
 */
export function attachTarget(
  address: Endpoint,
  { speaks, paths, traits }: Told = {},
  like?: TargetDefinition,
): TargetAddress {
  const name = formatEndpoint(address);
  const any = {
    name,
    title: `the server on ${name}`,
    install: '',
    find: () => ({ program: '', version: '' }),
    address,
  };
  if (like !== undefined)
    return { ...any, greeting: like.greeting, traits: mergeTraits(askedOf(like.traits), traits ?? {}) };
  return {
    ...any,
    greeting: null,
    traits: traits ?? {},
    speaks: speaks ?? 'unknown',
    ...(paths === undefined ? {} : { paths }),
  };
}

/** What a server is asked. The rest of its traits is of a configuration that another one need not have. */
function askedOf({ closesFirst, closesOnFin, shutsFirst, large, largeThenCloses }: Traits): Traits {
  const asked = { closesFirst, closesOnFin, shutsFirst, large, largeThenCloses };
  return Object.fromEntries(Object.entries(asked).filter(([, trait]) => trait !== undefined));
}

/** Takes up a running server. @throws CW_TARGET_GREETING, CW_PLANE for a host that is not this machine */
export async function attach(definition: TargetAddress, thisMachine: Host): Promise<RunningTarget> {
  const { name, address } = definition;
  if (thisMachine.link !== null) {
    throw new CloseWaitError('CW_PLANE', `the server on ${name} cannot be reached from a lab`, {
      remedy: 'Leave out --plane wire, or let closewait start the server with --exec.',
    });
  }
  const family = familyOf(address.address);
  const host: Host = { ...thisMachine, addresses: { [family]: address.address } };
  const startedAt = performance.now();
  const manners: Manners = await learnManners(host, address, definition, null);
  const greet = (): Promise<void> => greetServer(name, host, address, manners, null);
  await greet();
  const noPort = (): never => {
    throw new CloseWaitError('CW_TARGET_PORT', `${name} is one port on IPv${family}, and no other`);
  };
  return {
    info: { name, version: '', command: [] },
    host,
    families: [family],
    greeting: manners.greeting,
    traits: manners.traits,
    dialTo: {},
    readyMs: performance.now() - startedAt,
    process: null,
    endpoint: (wanted, port = 'main') => (wanted === family && port === 'main' ? address : noPort()),
    greet: async (wanted) => (wanted === family ? greet() : noPort()),
    counts: () => countAll(host, null, [address.port], []),
    stop: async () => '',
    [Symbol.asyncDispose]: async () => undefined,
  };
}
