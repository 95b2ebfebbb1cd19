// `npm run dev`: the real program on the sample's server, in a browser, with Vite's reloading. The situation is chosen in
// the address: `?start=signedOut,dark` (see `src-tauri/dev/src/situation.rs`).

import { createServer } from 'vite';

import { startProgram } from './program.mjs';

const ORIGIN = 'http://127.0.0.1:5173';

const { address, stop } = await startProgram('--origin', ORIGIN);
const { pathname, origin } = new URL(address);
const server = await createServer({
  server: {
    proxy: {
      '/shell/': {
        target: origin,
        changeOrigin: true,
        rewrite: (path) => path.replace(/^\/shell\//, pathname),
      },
    },
  },
});
await server.listen();
server.printUrls();

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    await server.close();
    await stop();
    process.exit(0);
  });
