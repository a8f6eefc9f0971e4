import { expect } from 'chai';
import { nowUs } from '#core';
import { Namespace } from '#sys';
import { askTool, runTool, type ToolLimits } from './run-tool.ts';

const home = Namespace.home();

async function failure(command: readonly [string, ...string[]], limits?: ToolLimits): Promise<Error> {
  return runTool(home, command, limits).then(
    (text) => expect.fail(`it succeeded: ${text.slice(0, 80)}`),
    (error: Error) => error,
  );
}

describe('observe: running a tool', () => {
  it('gives what it prints, in the C locale', async () => {
    expect(await runTool(home, ['sh', '-c', 'echo "$LC_ALL ready"'])).to.equal('C ready\n');
  });

  it('names a tool that is not there', async () => {
    const error = await failure(['no-such-tool-of-closewait', '-x']);
    expect(error).to.include({ code: 'CW_OBSERVER' });
    // EACCES where a folder of PATH may not be searched.
    expect(error.message).to.match(/^no-such-tool-of-closewait -x cannot be started: .*(ENOENT|EACCES)/);
  });

  it('tells a status that is not 0, with what was said', async () => {
    const error = await failure(['sh', '-c', 'echo half; echo "not that option" >&2; exit 3']);
    expect(error).to.include({ code: 'CW_OBSERVER' });
    expect(error.message).to.contain("failed with status 3: 'not that option'");
  });

  it('tells a signal', async () => {
    expect((await failure(['sh', '-c', 'kill -9 $$'])).message).to.contain('was ended by SIGKILL');
  });

  it('ends a tool that hangs, even where its own child holds the output open', async () => {
    const startUs = nowUs();
    const limits = { deadlineMs: 100, maxBytes: 1000 };
    expect((await failure(['sleep', '5'], limits)).message).to.contain('printed no end within 100 ms');
    expect((await failure(['sh', '-c', 'sleep 5; true'], limits)).message).to.contain('within 100 ms');
    expect(nowUs() - startUs).to.be.lessThan(3e6);
  });

  it('ends a tool that prints without end', async () => {
    const error = await failure(['yes'], { deadlineMs: 5000, maxBytes: 100_000 });
    expect(error.message).to.contain('printed more than 100000 bytes');
  });

  it('asks a tool of itself, whatever its status', () => {
    expect(askTool('sh', ['-c', 'echo version >&2; exit 1'])).to.equal('version\n');
    expect(askTool('no-such-tool-of-closewait', [])).to.equal(null);
  });
});
