import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * What outlives the harness by a moment. It reads lines from a pipe whose other end only the harness and the children
 * it has just forked hold; at its end, however the harness died, it ends what the lines named:
 * `dir PATH`, `group PGID`, `namespace INODE`, and `gone PGID`, `left INODE` for what has ended in order: its number may
 * be another's from then on. A `done` before the end of the pipe means that all has been cleaned up. Processes are stopped
 * first, so that they fork no more, and their sockets destroyed before they are killed: an orphan whose FIN nobody
 * acknowledges would keep its namespace for minutes.
 */
const SCRIPT = `
trap '' INT TERM HUP QUIT
dirs= groups=' ' spaces=' ' finished=
while IFS=' ' read -r word value; do
  case $word in
    dir) dirs="$dirs$value
" ;;
    group) groups="$groups$value " ;;
    gone) case $groups in *" $value "*) groups="\${groups%% $value *} \${groups#* $value }" ;; esac ;;
    namespace) spaces="$spaces$value " ;;
    left) case $spaces in *" $value "*) spaces="\${spaces%% $value *} \${spaces#* $value }" ;; esac ;;
    done) finished=yes ;;
  esac
done
[ -z "$finished" ] || exit 0
inhabitants() {
  ls -ln /proc/[0-9]*/ns/net 2>/dev/null | while IFS= read -r line; do
    space=\${line##*net:\\[} pid=\${line#*/proc/}
    case $spaces in *" \${space%]} "*) echo "\${pid%%/*}:\${space%]}" ;; esac
  done
}
stopped=' ' emptied=' '
more=$spaces
while [ "$more" != ' ' ]; do
  more=' '
  for entry in $(inhabitants); do
    case $stopped in *" $entry "*) continue ;; esac
    kill -STOP "\${entry%:*}" 2>/dev/null && stopped="$stopped$entry " more=yes
  done
done
for entry in $stopped; do
  case $emptied in *" \${entry#*:} "*) continue ;; esac
  emptied="$emptied\${entry#*:} "
  nsenter -t "\${entry%:*}" -n ss -Kat >/dev/null 2>&1
done
for entry in $stopped; do kill -KILL "\${entry%:*}" 2>/dev/null; done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
printf %s "$dirs" | while IFS= read -r dir; do
  for try in 1 2 3 4 5; do rm -rf -- "$dir" 2>/dev/null && break; sleep 0.1; done
done
`;

/** Started before anything that it must watch; one for a process. */
export class Warden {
  readonly #process: ChildProcess;
  readonly #pipe: Writable;

  constructor() {
    // A session of its own: a signal to the terminal's group, or a kill of the harness's group, does not reach it.
    this.#process = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
    });
    this.#process.unref();
    this.#pipe = this.#process.stdin!;
    (this.#pipe as Writable & { unref(): void }).unref();
    this.#pipe.on('error', () => undefined);
  }

  /** A folder to remove: named before it is made. */
  folder(path: string): void {
    this.#say('dir', path);
  }

  /** Whatever runs in this network namespace is to be ended. */
  namespace(inode: number): void {
    this.#say('namespace', inode);
  }

  /** That namespace is about to end. */
  left(inode: number): void {
    this.#say('left', inode);
  }

  /** That process group has ended. */
  gone(group: number): void {
    this.#say('gone', group);
  }

  /**
   * How to start a child so that it is watched from its first moment: it names its own group on descriptor 3, the
   * warden's pipe, before it becomes the program. Spawn it detached, with `stdio[3]` from {@link pipe}.
   */
  wrap(command: readonly string[]): [program: string, ...args: string[]] {
    return ['/bin/sh', '-c', 'echo "group $$" >&3; exec "$@" 3>&-', 'sh', ...command];
  }

  get pipe(): Writable {
    return this.#pipe;
  }

  /** Everything has been cleaned up in order. */
  close(): void {
    this.#say('done', '');
    this.#pipe.end();
  }

  #say(word: string, value: string | number): void {
    this.#pipe.write(`${word} ${value}\n`);
  }
}
