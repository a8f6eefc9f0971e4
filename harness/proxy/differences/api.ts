import type { Difference } from './contract.ts';

/** What is asked and answered over HTTP. */
export const API_DIFFERENCES = {
  'toxics-on-create': {
    original: '`toxics` of a proxy that is created or populated are ignored.',
    ours: 'They are made before it listens; a populated proxy that is there already gets those of a list that is not empty.',
    why: 'Otherwise the first connections pass without them, and what GET /proxies shows cannot be put back.',
  },
  connections: {
    original: 'Connections are not shown.',
    ours: 'GET /proxies/{proxy}/connections lists the open ones with their bytes, their ends and the toxics that act on each.',
    why: 'With a toxicity below 1 nobody could tell which connection a toxic acts on.',
  },
  'toxic-types': {
    original: 'Eight types of toxics.',
    ours: 'Also packet_loss (which Toxiproxy has, unreleased), half_close, reset, hold_fin, refuse, hang_connect, corrupt, close_after, first_n. A type that is not known is told those that are.',
    why: 'The ends of a connection are what servers get wrong.',
  },
  'error-type': {
    original: 'Errors are JSON that calls itself text/plain.',
    ours: 'Errors are application/json.',
    why: 'Clients that go by the type read the message.',
  },
  'logger-key': {
    original: 'A proxy is shown with `"Logger":{}`.',
    ours: 'It is not.',
    why: 'An internal that got out.',
  },
  'listen-missing': {
    original:
      'A proxy without `listen` listens at every address of the machine, at a port of the kernel’s choice.',
    ours: 'It listens at 127.0.0.1, at a port of the kernel’s choice.',
    why: 'Loopback unless told otherwise.',
  },
  'listen-loopback': {
    original: 'A proxy listens at any address.',
    ours: 'Only at those of the loopback, or 400; unless the server’s own `--listen` is beyond it.',
    why: 'A test must not open a port to the network by accident. With --strict it is said on stderr.',
  },
  'listen-text': {
    original: 'A `listen` that is no address is a 500, or accepted while the proxy is disabled.',
    ours: 'It is a 400.',
    why: 'It is the request that is wrong.',
  },
  'upstream-text': {
    original: 'Any text is an upstream; an update may make it empty.',
    ours: 'An upstream that is not host:port is a 400.',
    why: 'Every connection through it would fail, and nothing would say why.',
  },
  names: {
    original: 'Any text is a name; one with a slash can be made and never be addressed.',
    ours: 'Names with a slash or control characters, `.`, `..` and those of more than 200 characters are a 400.',
    why: 'What is made must be possible to remove.',
  },
  toxicity: {
    original: 'A toxicity can be any number.',
    ours: 'One below 0 or above 1 is a 400.',
    why: 'Usually it was meant as a percentage.',
  },
  'attribute-range': {
    original: 'An attribute can be any whole number; negative ones count as 0.',
    ours: 'One out of its range is a 400 that names the range.',
    why: 'A sign or a unit was mistaken.',
  },
  'attribute-deadly': {
    original:
      'A negative `rate` of bandwidth, or negative sizes of slicer, are stored, and the next data end the whole server.',
    ours: 'They are a 400.',
    why: 'No request may end the server.',
    strictToo: true,
  },
  'attribute-size': {
    original: 'Whole numbers have 64 bits.',
    ours: 'Those beyond 2^53 are a 400.',
    why: 'JavaScript would answer with another number.',
    strictToo: true,
  },
  'attribute-unknown': {
    original: 'Attributes that a type does not have are ignored.',
    ours: 'They are a 400 that names those it has.',
    why: '`latancy` is a toxic that does nothing, and a test that passes.',
  },
  'toxic-update': {
    original: 'A bad attribute is a 400, and the good ones beside it are changed all the same.',
    ours: 'All of an update takes effect, or none.',
    why: 'Who gets a 400 believes that nothing has changed.',
  },
  'stream-case': {
    original:
      'A stream `UPSTREAM` is accepted and shown as it was written, also in the default name `latency_UPSTREAM`.',
    ours: 'It is accepted and shown in lower case.',
    why: 'One spelling, so that clients can compare.',
  },
  'stream-case-shown': {
    original: 'A stream is shown as it was written.',
    ours: 'It is shown in lower case; with --strict only the default name keeps the spelling.',
    why: 'One spelling, so that clients can compare.',
    strictToo: true,
  },
  'trailing-data': {
    original: 'What comes behind the JSON value of a body is ignored.',
    ours: 'It is a 400.',
    why: 'Two objects in one body: the second would be lost silently.',
  },
  'body-size': {
    original: 'A body can have any size.',
    ours: 'One of more than 1 MiB is a 413, one nested deeper than 100 a 400.',
    why: 'No request may fill the memory.',
    strictToo: true,
  },
  'populate-nothing': {
    original: 'POST /populate of an empty list answers `{"proxies":null}`.',
    ours: 'It answers `{"proxies":[]}`.',
    why: 'toxiproxy-node-client fails on null.',
  },
  'populate-twice': {
    original: 'A name can be in the list of /populate twice; the second replaces the first.',
    ours: 'That is a 400.',
    why: 'The first was meant to be there.',
  },
  'populate-same': {
    original:
      'A populated proxy at `0.0.0.0`, at no address or at port 0 is replaced each time, with its connections and toxics.',
    ours: 'It is left alone, as every other one that has not changed.',
    why: 'A list can be sent again safely, as the original’s README promises.',
  },
  'populate-conflict': {
    original: 'A populated proxy that cannot listen at its new address leaves the old one stopped.',
    ours: 'The old one listens again.',
    why: 'Nothing changes where an answer says that nothing was done.',
  },
  'reset-conflict': {
    original: '/reset ends at the first proxy that cannot listen; the rest keep their toxics.',
    ours: 'It goes through all, and then tells of those that cannot listen.',
    why: 'The toxics of one test must not reach the next.',
  },
  'hanging-upstream': {
    original:
      'While the upstream of one proxy hangs, who deletes or disables that proxy waits, and then all of the API does.',
    ours: 'No request waits for an upstream.',
    why: 'An upstream that hangs is what is being tested.',
    strictToo: true,
  },
  metrics: {
    original: 'The bytes of a connection are counted when it ends.',
    ours: 'They are counted as they pass, and there is toxiproxy_proxy_connections_total.',
    why: 'Connections that do not end are what one looks for.',
    strictToo: true,
  },
} as const satisfies Record<string, Difference>;
