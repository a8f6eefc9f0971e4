import { familyOf, unmapAddress, type Endpoint, type Tuple } from '#tcp';
import { unreadable } from './unreadable.ts';

const ANY = { 4: '0.0.0.0', 6: '::' } as const;

/**
 * The two ends as rows have them, from addresses in any spelling: canonical, without scope (`%eth0`), IPv4-mapped ones as
 * IPv4. The unspecified remote of a socket that is bound to an IPv4-mapped address becomes IPv4's.
 * @throws CW_ADDRESS, CW_OBSERVER
 */
export function socketEnds(local: Endpoint, remote: Endpoint): Tuple {
  const [ours, theirs] = [canonical(local.address), canonical(remote.address)];
  const family = ours === ANY[6] ? familyOf(theirs) : familyOf(ours);
  const address = (text: string): string => {
    if (familyOf(text) === family) return text;
    if (text === ANY[6]) return ANY[4];
    throw unreadable(`${ours} and ${theirs} are not of one family`);
  };
  return {
    family,
    local: { address: address(ours), port: local.port },
    remote: { address: address(theirs), port: remote.port },
  };
}

/** @throws CW_ADDRESS */
export function canonical(address: string): string {
  const scope = address.indexOf('%');
  return unmapAddress(scope < 0 ? address : address.slice(0, scope));
}
