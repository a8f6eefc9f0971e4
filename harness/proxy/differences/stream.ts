import type { Difference } from './contract.ts';

/** What happens to connections and to the bytes and ends that pass through them. */
export const STREAM_DIFFERENCES = {
  'half-close': {
    original:
      'A FIN of either side closes the other side’s socket whole: an answer to a half-closed client is lost.',
    ours: 'A FIN is passed on as a FIN, behind the data; the way back stays open until it ends itself.',
    why: 'FIN_WAIT_2 of the client and CLOSE_WAIT of the server are what servers get wrong.',
  },
  'reset-through': {
    original: 'A RST of either side reaches the other as a FIN.',
    ours: 'It is passed on as a RST, behind the data, also where nothing flows and where the receiver does not read.',
    why: 'A server treats an aborted connection other than one that was ended.',
  },
  'upstream-refused': {
    original: 'A client whose upstream refuses is closed with a FIN.',
    ours: 'It gets a RST.',
    why: 'A FIN says that the server had nothing to say.',
  },
  'serial-dial': {
    original:
      'Connections of a proxy are dialled one after the other: one that hangs keeps all later ones waiting.',
    ours: 'Each is dialled when it comes.',
    why: 'One connection must not depend on another.',
  },
  'latency-end': {
    original: 'latency does not delay a FIN; it passes as soon as the data in front of it have.',
    ours: 'A FIN or RST is delayed as data are.',
    why: 'On a slow link all segments are slow.',
  },
  'latency-update': {
    original: 'An update of latency passes on at once the chunk that waits.',
    ours: 'What waits goes by the new values, counted from when it came.',
    why: 'Going from 20 s to 19 s is no reason to be early.',
  },
  'reset-peer-idle': {
    original: 'reset_peer begins to wait at the first data or end: an idle connection is never reset.',
    ours: 'It waits from when it begins to act.',
    why: 'Pools of idle connections are what it is used against.',
  },
  'reset-peer-established': {
    original: 'reset_peer that is added to a connection that is open ends it with a FIN.',
    ours: 'It ends it with a RST.',
    why: 'That is its name.',
  },
  'reset-peer-spared': {
    original:
      'Where a reset_peer is drawn not to act, the normal end of the connection is a RST all the same.',
    ours: 'A toxic that does not act does nothing.',
    why: 'A toxicity of 0 means never.',
    strictToo: true,
  },
  'timeout-restarts': {
    original: 'timeout counts from the last data that it dropped.',
    ours: 'It counts from when it begins to act.',
    why: 'A client that keeps trying would never be closed.',
  },
  'timeout-end': {
    original: 'timeout passes on a FIN at once.',
    ours: 'It keeps ends, as it drops data, until it closes the connection or is removed.',
    why: 'Nothing comes out of a black hole.',
  },
  'timeout-removed': {
    original:
      'Removing timeout closes all connections of its direction, also those that it has not acted on.',
    ours: 'It closes those that have lost data; the others go on.',
    why: 'Their streams have no hole.',
  },
  'slicer-pieces': {
    original:
      'slicer halves a chunk until the pieces are small enough: 100 bytes at 10 ± 0 are pieces of 6 and 7.',
    ours: 'Pieces have `average_size` ± `size_variation` bytes, but for the last of a chunk.',
    why: 'Who asks for 10 wants 10.',
  },
  'slicer-zero': {
    original: 'slicer with an `average_size` of 0, the default, ends the whole server at the next data.',
    ours: 'Chunks stay as they are.',
    why: 'No request may end the server.',
    strictToo: true,
  },
  'toxicity-once': {
    original:
      'Toxicity is drawn again when the toxic is updated and when the next one is added or removed: an unrelated noop changes whom it acts on.',
    ours: 'It is drawn once for each connection and toxic, from the seed, whatever happens around it.',
    why: 'A failure that was found by chance must be found again.',
  },
  'removal-waits': {
    original:
      'Removing a toxic waits: reset_peer for the rest of its `timeout`, others until the receiver has taken what they hold, which can be never.',
    ours: 'It waits for nothing.',
    why: 'A test must be able to clear up whatever it has done.',
    strictToo: true,
  },
  'update-failed': {
    original: 'A proxy that cannot listen at its new address is left disabled, with the new settings.',
    ours: 'Nothing changes.',
    why: 'A request that is refused has no effect.',
  },
} as const satisfies Record<string, Difference>;
