// Signing in and out, the `.env` file, the text for the IT department: the connection of the fake.

import type { Connection } from '../bindings/dto';
import { error, OFFLINE } from './errors';
import type { FakeMemory, Handlers } from './memory';

interface Wanted {
  server: string;
  clientId: string;
  clientSecret: string | null;
  pkce: boolean;
}

const itText = (server: string) =>
  [
    'Dear IT department,',
    '',
    `please create an API client for me in ${server || 'our Panopto server'} (System > API Clients > New):`,
    '',
    '  Client name:       Panopto Video Analytics',
    '  Client type:       Server-side Web Application',
    '  CORS origin URL:   http://127.0.0.1:9127',
    '  Redirect URL:      http://127.0.0.1:9127/redirect',
    '',
    'The program runs on my own computer, reads viewing records of the folders I may see, and sends nothing anywhere.',
    'Please send me the client ID and the client secret.',
  ].join('\n');

export function connecting(memory: FakeMemory): Handlers {
  const signedIn = (name: string, method: 'browser' | 'password'): Connection =>
    memory.setSignIn({
      state: 'signedIn',
      name,
      server: memory.connection.server,
      method,
      sessionOnly: memory.has('nokeychain'),
    });

  const fromEnv = (path: string) => {
    memory.connection = {
      ...memory.connection,
      server: 'ubc.ca.panopto.com',
      clientId: '2b0c94a5-6a1c-4c5e-9d2f-acd70013fa1e',
      hasClientSecret: true,
      userName: 'mokafor',
      hasPassword: true,
    };
    return {
      file: path,
      taken: ['server', 'client ID', 'client secret', 'user name', 'password'],
      advice: 'Delete the file now: the password in it is readable for anyone who can open it',
      connection: memory.connection,
    };
  };

  return {
    connection_get: () => memory.connection,
    connection_set: ({ request }: { request: Wanted }) => {
      const server = request.server.replace(/^https:\/\//, '');
      if (!/^[\w-]+(\.[\w-]+)+/.test(server))
        throw error(
          'invalid-input',
          `“${request.server}” is not the address of a server`,
          'It looks like university.hosted.panopto.com',
        );
      memory.connection = {
        ...memory.connection,
        server: server.replace(/\/.*/, ''),
        clientId: request.clientId,
        pkce: request.pkce,
        hasClientSecret: memory.connection.hasClientSecret || Boolean(request.clientSecret),
      };
      return memory.connection;
    },
    sign_in_browser: async ({ jobId, onEvent }: { jobId: string; onEvent: (event: unknown) => void }) => {
      if (memory.has('offline')) throw OFFLINE;
      onEvent({
        type: 'waiting',
        url: `https://${memory.connection.server}/Panopto/oauth2/connect/authorize?client_id=…&redirect_uri=http%3A%2F%2F127.0.0.1%3A9127%2Fredirect`,
        browserOpened: true,
      });
      for (let step = 0; step < 30 || memory.has('neverback'); step += 1) {
        await memory.wait(100);
        if (memory.cancelled.has(jobId)) throw error('cancelled', 'Stopped');
      }
      onEvent({ type: 'checking' });
      await memory.wait(500);
      return signedIn('Maya Okafor', 'browser');
    },
    sign_in_password: async ({ request }: { request: { userName: string; password: string | null } }) => {
      await memory.wait(500);
      if (memory.has('offline')) throw OFFLINE;
      if (request.password === 'wrong')
        throw error(
          'bad-credentials',
          `${memory.connection.server} does not accept this user name and password`,
          'Check both; some sites want a prefix, as in unified\\name',
        );
      memory.connection = { ...memory.connection, userName: request.userName, hasPassword: true };
      return signedIn(request.userName, 'password');
    },
    sign_out: () => memory.setSignIn({ state: 'signedOut', reason: null }),
    who_am_i: () => {
      memory.needServer();
      return memory.signIn;
    },
    env_import_pick: () => fromEnv('/home/maya/panopto/.env'),
    env_import_path: ({ path }: { path: string }) => fromEnv(path),
    it_text: ({ server }: { server: string }) => itText(server),
  };
}
