// Refusals of the fake, in the shape of those from Rust.

import type { IpcError } from '../bindings/dto';

export const error = (
  code: IpcError['code'],
  message: string,
  hint: string | null = null,
  detail: string | null = null,
): IpcError => ({ code, message, hint, detail });

export const OFFLINE = error(
  'network',
  'The server ubc.ca.panopto.com cannot be reached',
  'Check the name of the server and the network connection, then try again',
  'The server ubc.ca.panopto.com cannot be reached for `GetFolder`: Connection refused (os error 111)',
);

export const SIGNED_OUT = error(
  'bad-credentials',
  'The sign-in at ubc.ca.panopto.com has ended',
  'Sign in again',
);
