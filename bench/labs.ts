import { spawnSync } from 'node:child_process';
import { createLab } from '#lab';
import { Namespace } from '#sys';
import { Helper } from './helper.ts';
import { compare, interleave, secondsOf, type Benchmark } from './measure.ts';

const ROUNDS = 5;
const OURS = 50;
const THEIRS = 5;

/** What users write for a server's namespace and the way to it, with addresses of both families; then it all goes. */
const COMMANDS = `
ip netns add lab$n
ip link add veth$n type veth peer name eth0 netns lab$n
ip address add 198.18.0.2/15 dev veth$n
ip address add 2001:db8::2/32 dev veth$n nodad
ip link set veth$n up
ip -n lab$n address add 198.18.0.1/15 dev eth0
ip -n lab$n address add 2001:db8::1/32 dev eth0 nodad
ip -n lab$n link set eth0 up
ip -n lab$n link set lo up
ip netns del lab$n
`;

/** /run is a file system of its own there: the names of the namespaces do not show on the machine. */
const SCRIPT = `
set -e
mount -t tmpfs none /run
n=0
while read -r count; do
  start=$(date +%s%N) end=$((n + count))
  while [ $n -lt $end ]; do n=$((n + 1))${COMMANDS}done
  echo $(($(date +%s%N) - start))
done
`;

/** A private network made and removed again. */
export const labs: Benchmark = {
  name: 'labs',
  async run() {
    const namespace = Namespace.create();
    try {
      using helper = new Helper(namespace, ['unshare', '--mount', 'sh', '-c', SCRIPT]);
      const figures = await interleave(ROUNDS, {
        ours: async () => {
          const seconds = await secondsOf(() => {
            for (let count = 0; count < OURS; count++) createLab().close();
          });
          return (seconds / OURS) * 1e3;
        },
        theirs: hasIp()
          ? async () => (await helper.ask<number>(String(THEIRS))) / THEIRS / 1e6
          : 'ip is not installed: apt install iproute2',
      });
      return [
        compare(
          {
            what: 'lab made and removed',
            unit: 'ms',
            better: 'less',
            against: 'ip netns, ip link, ip address',
          },
          figures.ours,
          figures.theirs,
        ),
      ];
    } finally {
      namespace.close();
    }
  },
};

function hasIp(): boolean {
  return spawnSync('ip', ['-V']).status === 0;
}
