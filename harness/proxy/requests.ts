import { readAttributes } from './attributes.ts';
import type { ProxySettings, Stream, Toxic } from './contract.ts';
import {
  asArray,
  asBoolean,
  asObject,
  fieldOf,
  JsonError,
  parseFirst,
  type Json,
  type JsonObject,
} from './json/index.ts';
import { checkListen, checkName, checkToxicity, checkUpstream } from './limits.ts';
import { INVALID_STREAM, INVALID_TYPE, missingField, Refusal, TOXIC_EXISTS } from './refusal.ts';
import { inBody, readToxicity, stringOf, type Manner } from './reading.ts';
import { TOXIC_TYPES } from './toxics/index.ts';

/** A proxy as a request asks for it. */
export interface ProxyRequest extends ProxySettings {
  readonly toxics: readonly Toxic[];
}

/** Where nothing is asked for, a proxy listens at a port of the kernel's choice. */
const ANY_PORT = '127.0.0.1:0';

/** @throws Refusal 400; so do the others */
export function readJson(body: string, { strict }: Manner): Json {
  return inBody(() => {
    const { value, end } = parseFirst(body);
    if (!strict && body.slice(end).trim() !== '')
      throw new JsonError(`there is something behind the JSON value, at character ${end + 1}`);
    return value;
  });
}

/** @param place ` at proxy 2` in a list, else empty */
export function readProxy(json: Json, manner: Manner, place = ''): ProxyRequest {
  const object = inBody(() => asObject(json, `the proxy${place}`));
  const { name = '', listen = '', upstream = '', enabled = true } = readSettings(object, manner);
  if (name === '') throw missingField('name', place);
  if (upstream === '') throw missingField('upstream', place);
  const request = { name, listen, upstream, enabled, toxics: [] };
  if (manner.strict) return request;
  checkName(name, 'name');
  checkUpstream(upstream);
  if (listen !== '') checkListen(listen);
  return { ...request, listen: listen === '' ? ANY_PORT : listen, toxics: readToxics(object, manner) };
}

/** The change of a proxy; a name in it says nothing. */
export function readProxyChange(json: Json, manner: Manner): Partial<Omit<ProxySettings, 'name'>> {
  const object = inBody(() => asObject(json, 'the proxy'));
  const { name: _, ...change } = readSettings(object, manner);
  if (manner.strict) return change;
  if (change.listen !== undefined) checkListen(change.listen);
  if (change.upstream !== undefined) checkUpstream(change.upstream);
  return change;
}

/** The list of /populate and of --config. @throws PopulateRefusal */
export function readProxies(json: Json, manner: Manner): ProxyRequest[] {
  const items = inBody(() => asArray(json, 'the body'));
  const names = new Set<string>();
  return items.map((item, at) => {
    const request = inEntry(at, manner, () => readProxy(item, manner, ` at proxy ${at + 1}`));
    if (!manner.strict && names.has(request.name))
      throw new Refusal(400, `name: '${request.name}' is in the list twice, again at proxy ${at + 1}`);
    names.add(request.name);
    return request;
  });
}

/** @param taken whether the proxy has a toxic of that name */
export function readToxic(json: Json, manner: Manner, taken: (name: string) => boolean): Toxic {
  const object = inBody(() => asObject(json, 'the toxic'));
  const text = stringOf(object, 'stream') ?? 'downstream';
  const type = stringOf(object, 'type') ?? '';
  const named = stringOf(object, 'name') ?? '';
  const toxicity = readToxicity(object) ?? 1;
  const given = inBody(() => asObject(fieldOf(object, 'attributes') ?? null, 'attributes'));
  const stream = text.toLowerCase();
  if (!isStream(stream)) throw new Refusal(400, INVALID_STREAM);
  const kind = TOXIC_TYPES[type];
  if (kind === undefined || (manner.strict && kind.extension))
    throw new Refusal(400, manner.strict ? INVALID_TYPE : `${INVALID_TYPE}: there are ${typeNames()}`);
  const name = named === '' ? `${type}_${manner.strict ? text : stream}` : named;
  if (!manner.strict) {
    checkName(name, 'name');
    checkToxicity(toxicity);
  }
  if (taken(name)) throw new Refusal(409, TOXIC_EXISTS);
  const { values, refusal } = readAttributes(given, type, manner);
  if (refusal !== null) throw refusal;
  return { name, type, stream, toxicity, attributes: values };
}

function readSettings(object: JsonObject, { strict }: Manner): Partial<ProxySettings> {
  const name = stringOf(object, 'name');
  const listen = stringOf(object, 'listen');
  const upstream = stringOf(object, 'upstream');
  const enabled = fieldOf(object, 'enabled');
  // The original shows this key by accident, and reads it.
  if (strict) inBody(() => asObject(fieldOf(object, 'logger') ?? null, 'Logger'));
  return {
    ...(name === undefined ? {} : { name }),
    ...(listen === undefined ? {} : { listen }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(enabled === undefined ? {} : { enabled: inBody(() => asBoolean(enabled, 'enabled')) }),
  };
}

function readToxics(object: JsonObject, manner: Manner): Toxic[] {
  const items = inBody(() => asArray(fieldOf(object, 'toxics') ?? null, 'toxics'));
  const names = new Set<string>();
  return items.map((item, at) => {
    try {
      const toxic = readToxic(item, manner, (name) => names.has(name));
      names.add(toxic.name);
      return toxic;
    } catch (error) {
      if (error instanceof Refusal) throw new Refusal(error.status, `${error.message} (toxic ${at + 1})`);
      throw error;
    }
  });
}

/** Says which entry of a list it was, where the message does not. */
function inEntry<T>(at: number, { strict }: Manner, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const place = ` at proxy ${at + 1}`;
    if (strict || !(error instanceof Refusal) || error.message.includes(place)) throw error;
    throw new Refusal(error.status, `${error.message}${place}`);
  }
}

function isStream(text: string): text is Stream {
  return text === 'upstream' || text === 'downstream';
}

function typeNames(): string {
  return Object.keys(TOXIC_TYPES).join(', ');
}
