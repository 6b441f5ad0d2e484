import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';

const lockModule = new URL('lock-file.ts', import.meta.url).href;

/** A process that took the lock of the file and was killed, and whose parent never asks after its children, until it is disposed of. */
export async function unburiedOwner(file: string): Promise<AsyncDisposable & { readonly pid: number }> {
  const program = `const { lockFile } = await import('${lockModule}'); lockFile(process.argv[1]); console.log(process.pid); setInterval(() => {}, 1000)`;
  const parent = spawn(
    'sh',
    ['-c', '"$0" --input-type=module -e "$1" "$2" & exec sleep 60', process.execPath, program, file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const pid = Number(line);
  process.kill(pid, 'SIGKILL');
  while (!/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await setImmediate();
  return {
    pid,
    [Symbol.asyncDispose]: async () => {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    },
  };
}
