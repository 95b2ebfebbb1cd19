import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `__HTTP__` is true where the window may run in a plain browser over a loopback connection to the program: Vite's own
// server, the tests, and `vite build --mode http`. In the real build it is the constant false, and the code is left out.
export default defineConfig(({ command, mode }) => ({
  plugins: [svelte()],
  define: { __HTTP__: JSON.stringify(command === 'serve' || mode === 'http' || mode === 'test') },
  // Tauri's own protocol has its root at `/`; the page for tests is served below a token. What the first picture does not
  // need is loaded after it (`lib/later.svelte.ts`).
  base: mode === 'http' ? './' : '/',
  build: {
    outDir: mode === 'http' ? 'test-results/page' : 'dist',
    emptyOutDir: true,
    target: ['es2022', 'safari16'],
    // The scripts of the first picture are fetched together, not one after the other is read.
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: {
    testTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'window',
          environment: 'jsdom',
          globalSetup: ['tests/program.global.ts'],
          setupFiles: ['tests/setup.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/build.test.ts', 'tests/layout/**'],
          restoreMocks: true,
        },
      },
      { extends: true, test: { name: 'build', environment: 'node', include: ['tests/build.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'layout',
          environment: 'node',
          globalSetup: ['tests/layout/page.global.ts'],
          include: ['tests/layout/**/*.test.ts'],
        },
      },
    ],
  },
}));
