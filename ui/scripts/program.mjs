// Starts `panopto-analytics-dev`, the real program for a plain browser; building it first, unless DEV_PROGRAM names one
// that is built. Used by `npm run dev`, by the tests and by `npm run screens`.

import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function build() {
  const command = ['build', '--package', 'dev', '--message-format', 'json-render-diagnostics'];
  const { status, stdout } = spawnSync('cargo', command, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('panopto-analytics-dev cannot be built');
  const messages = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const built = messages.find(
    ({ target, executable }) => target?.name === 'panopto-analytics-dev' && executable,
  );
  if (!built) throw new Error('cargo did not say where panopto-analytics-dev is');
  return built.executable;
}

/** Starts it with these arguments; `address` ends in a slash, and `stop` ends it. */
export async function startProgram(...args) {
  const path = process.env.DEV_PROGRAM ?? build();
  // It ends when its standard input does, so also when this process is killed.
  const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const address = await new Promise((resolve, reject) => {
    let said = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${path} ended at once (${code})`)));
    child.stdout.on('data', (text) => {
      said += text;
      if (said.includes('\n')) resolve(said.split('\n')[0]);
    });
  });
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve);
      child.stdin.end();
    });
  return { address, stop };
}
