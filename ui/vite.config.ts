import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// `__FAKE__` is true where the window may run in a plain browser over the fake backend: the development server, the
// tests, and `vite build --mode fake`. In the real build it is the constant false, and the fake is left out.
export default defineConfig(({ command, mode }) => ({
  plugins: [svelte()],
  define: { __FAKE__: JSON.stringify(command === 'serve' || mode === 'fake' || mode === 'test') },
  // A relative base would break the custom protocol's root; assets are few and small, so none is split off.
  build: {
    outDir: mode === 'fake' ? 'test-results/fake' : 'dist',
    emptyOutDir: true,
    target: ['es2022', 'safari16'],
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
  resolve: mode === 'test' ? { conditions: ['browser'] } : {},
  test: {
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'window',
          environment: 'jsdom',
          setupFiles: ['tests/setup.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/build.test.ts'],
          restoreMocks: true,
        },
      },
      { extends: true, test: { name: 'build', environment: 'node', include: ['tests/build.test.ts'] } },
    ],
  },
}));
