// What is typed to connect, and one attempt to sign in with it.
//
// Deliberately absent: what the page shows meanwhile, and what happens once somebody is signed in (`screens/Connect.svelte`).

import { app } from './app.svelte';
import type { Connection, EnvImport, IpcError, SignInEvent } from './bindings';
import * as ipc from './ipc';

/** What an error is about: the text of a field, or what the chosen way led to. */
export type About = 'server' | 'client' | 'password' | 'other';

export class SigningIn {
  connection = $state.raw<Connection>() as Connection;
  server = $state('');
  clientId = $state('');
  clientSecret = $state('');
  pkce = $state(false);
  way = $state<'browser' | 'password'>('browser');
  userName = $state('');
  password = $state('');

  /** Why the last attempt ended. */
  error = $state.raw<{ at: About; error: IpcError } | null>(null);
  waiting = $state.raw<{ jobId: string; event: SignInEvent | null } | null>(null);
  busy = $state(false);
  /** What an .env file has brought. */
  taken = $state.raw<EnvImport | null>(null);

  /** What must still be filled in, in the words of the fields. */
  missing = $derived.by(() => {
    const { connection } = this;
    const ofTheWay =
      this.way === 'browser'
        ? [
            !this.clientId.trim() && 'the client ID',
            !this.clientSecret && !connection.hasClientSecret && !this.pkce && 'the client secret',
          ]
        : [
            !this.userName.trim() && 'the user name',
            !this.password && !connection.hasPassword && 'the password',
          ];
    return [!this.server.trim() && 'the server', ...ofTheWay].filter((what) => what !== false);
  });

  constructor(connection: Connection) {
    this.read(connection);
  }

  /** What is stored by now, unless somebody is signing in with what was typed. */
  read(connection: Connection): void {
    if (this.busy) return;
    this.fill(connection);
    if (connection.signIn.state === 'signedIn') this.way = connection.signIn.method;
    else if (connection.hasPassword) this.way = 'password';
  }

  /** Back to what is stored. No secret comes back from there. */
  fill(next: Connection): void {
    this.connection = next;
    this.server = next.server;
    this.clientId = next.clientId;
    this.clientSecret = '';
    this.pkce = next.pkce;
    this.userName = next.userName;
    this.password = '';
    app.patch({ signIn: next.signIn });
  }

  /** Stores what was typed and signs in; what came of it, or `null` where `error` says why nothing did. */
  async submit(): Promise<Connection | null> {
    if (this.busy) return null;
    this.busy = true;
    let signedIn: Connection | null = null;
    if (await this.#keep()) {
      try {
        signedIn = this.way === 'browser' ? await this.#withBrowser() : await this.#withPassword();
        this.fill(signedIn);
      } catch (reason) {
        const problem = app.note(reason);
        if (problem.code !== 'cancelled') this.error = { at: this.#blamed(problem), error: problem };
      }
    }
    this.waiting = null;
    this.busy = false;
    return signedIn;
  }

  async #keep(): Promise<boolean> {
    this.error = null;
    try {
      const next = await ipc.connectionSet({
        server: this.server.trim(),
        clientId: this.clientId.trim(),
        clientSecret: this.clientSecret || null,
        pkce: this.pkce,
      });
      this.connection = next;
      this.server = next.server;
      this.clientSecret = '';
      return true;
    } catch (reason) {
      this.error = { at: 'server', error: app.note(reason) };
      return false;
    }
  }

  #withBrowser(): Promise<Connection> {
    const jobId = ipc.newJobId();
    this.waiting = { jobId, event: null };
    return ipc.signInBrowser({ jobId, onEvent: (event) => (this.waiting = { jobId, event }) });
  }

  #withPassword(): Promise<Connection> {
    return ipc.signInPassword({ userName: this.userName.trim(), password: this.password || null });
  }

  /** The fields to look at. In the browser nothing of ours is refused but the API client. */
  #blamed({ code }: IpcError): About {
    if (code !== 'bad-credentials') return 'other';
    return this.way === 'browser' ? 'client' : 'password';
  }

  /** What was said of a text that is no longer there does not hold any more. */
  forget(...about: About[]): void {
    if (this.error && about.includes(this.error.at)) this.error = null;
  }

  /** Gives up waiting for the browser. */
  stop(): void {
    if (this.waiting) ipc.jobCancel(this.waiting.jobId).catch((reason: unknown) => app.complain(reason));
  }

  takeOver(answer: EnvImport): void {
    this.taken = answer;
    this.error = null;
    this.fill(answer.connection);
    if (answer.connection.hasPassword) this.way = 'password';
  }
}
