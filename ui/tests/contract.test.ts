// The window's side of docs/ipc.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import * as ipc from '../src/lib/ipc';
import { startProgram } from './program';

const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');

const [commands = '', events = ''] = read('../../docs/ipc.md').split('## Events');
const documented = [...commands.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
const called = [...read('../src/lib/ipc.ts').matchAll(/call<[^(]*>\(\s*'([a-z_]+)'/g)].map(
  ([, name]) => name,
);

describe('the contract', () => {
  it('has the same commands in docs/ipc.md and in ipc.ts', () => {
    expect(documented.length).toBeGreaterThan(40);
    expect(called.toSorted()).toEqual(documented.toSorted());
  });

  it('names each function as its command', () => {
    for (const command of called) {
      const name = command?.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) ?? '';
      // `whoAmI` is the usual spelling.
      expect(Object.keys(ipc).map((key) => key.toLowerCase())).toContain(name.toLowerCase());
    }
  });

  it('is implemented in full by the program', async () => {
    const program = await startProgram(['firstStart']);
    for (const command of documented) {
      const answer: unknown = await program.invoke(command ?? '', {}).catch((reason: unknown) => reason);
      expect(String(answer), command).not.toContain('404');
    }
    await expect(program.invoke('no_such_command', {})).rejects.toThrow('404');
  });

  it('names every event of docs/ipc.md', () => {
    const names = [...events.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(names).toEqual(['data-changed', 'settings-changed', 'discretion-changed', 'menu']);
    for (const name of names) expect(read('../src/lib/ipc.ts')).toContain(`'${name}'`);
  });
});

describe('rejections', () => {
  it('are passed on as they come from Rust', () => {
    const error = { code: 'busy', message: 'Another program writes here', hint: 'Close it', detail: null };
    expect(ipc.asIpcError(error)).toEqual(error);
  });

  it('become internal errors if Tauri itself refuses', () => {
    expect(ipc.asIpcError('Command x not allowed by ACL')).toMatchObject({
      code: 'internal',
      message: 'Command x not allowed by ACL',
    });
    expect(ipc.asIpcError(new DOMException('cannot be cloned'))).toMatchObject({
      code: 'internal',
      message: 'cannot be cloned',
    });
  });
});
