// What is shipped: small, without the fake, without anything from elsewhere.

import { beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';

interface Piece {
  fileName: string;
  text: string;
}

describe('the built window', () => {
  let pieces: Piece[] = [];

  beforeAll(async () => {
    const mode = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    const result = await build({ mode: 'production', logLevel: 'silent', build: { write: false } });
    process.env.NODE_ENV = mode;
    const { output } = result as {
      output: { fileName: string; code?: string; source?: string | Uint8Array }[];
    };
    pieces = output.map(({ fileName, code, source }) => ({ fileName, text: code ?? String(source ?? '') }));
  }, 60_000);

  it('is well under 300 KB', () => {
    const size = pieces.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(300_000);
  });

  it('leaves the fake out', () => {
    const all = pieces.map(({ text }) => text).join('\n');
    expect(all).toContain('Look around with sample courses');
    for (const word of ['Maya Okafor', 'Shadow prices', 'mulberry32', 'HARD_NAMES'])
      expect(all).not.toContain(word);
    expect(pieces.filter(({ fileName }) => fileName.endsWith('.js'))).toHaveLength(1);
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
