// What is shipped is small, has no connection for development, and loads nothing from elsewhere.

import { beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';

interface Piece {
  fileName: string;
  text: string;
}

async function built(mode: string): Promise<Piece[]> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  const result = await build({ mode, logLevel: 'silent', build: { write: false } });
  process.env.NODE_ENV = before;
  const { output } = result as {
    output: { fileName: string; code?: string; source?: string | Uint8Array }[];
  };
  return output.map(({ fileName, code, source }) => ({ fileName, text: code ?? String(source ?? '') }));
}

describe('the built window', () => {
  let pieces: Piece[] = [];

  beforeAll(async () => {
    pieces = await built('production');
  }, 60_000);

  it('is under 500 KB', () => {
    const size = pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(500_000);
  });

  it('needs less than 200 KB of script for its first picture', () => {
    const html = pieces.find(({ fileName }) => fileName === 'index.html')?.text ?? '';
    const scripts = pieces.filter(({ fileName }) => fileName.endsWith('.js'));
    const first = new Set(scripts.filter(({ fileName }) => html.includes(fileName)));
    // With what these import before they run.
    for (const { text } of first) {
      const named = [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name]) => name ?? '');
      scripts
        .filter(({ fileName }) => named.some((name) => fileName.endsWith(name)))
        .forEach((one) => first.add(one));
    }
    const size = [...first].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(200_000);
    expect(first.size).toBeLessThan(scripts.length);
  });

  it('talks to the program through Tauri alone', async () => {
    const words = ['application/x-ndjson', '/command/', 'fetch(', 'EventSource', 'XMLHttpRequest', '/shell/'];
    const all = pieces.map(({ text }) => text).join('\n');
    expect(all).toContain('Look around with sample courses');
    for (const word of words) expect(all).not.toContain(word);
    // The search does find it in the build that has it.
    const other = (await built('http')).map(({ text }) => text).join('\n');
    expect(words.filter((word) => other.includes(word))).toEqual(expect.arrayContaining(['fetch(']));
  });

  it('asks for nothing from elsewhere and has no script in the page', () => {
    const all = pieces.map(({ text }) => text).join('\n');
    const addresses = [...all.matchAll(/https?:\/\/[^\s"'`)\\]+/g)].map(([address]) => address);
    const allowed = [/^http:\/\/www\.w3\.org\//, /^https:\/\/svelte\.dev\//];
    expect(addresses.filter((address) => !allowed.some((one) => one.test(address)))).toEqual([]);
    const html = pieces.find(({ fileName }) => fileName === 'index.html')?.text ?? '';
    expect([...html.matchAll(/<script(?![^>]*\bsrc=)/g)]).toEqual([]);
    expect(html).not.toMatch(/\son\w+=/);
    expect(all).not.toMatch(/@font-face|@import/);
  });
});
