// Refusals of the fake, in the shape of those from Rust.

import type { IpcError } from '../bindings/dto';

export const error = (code: IpcError['code'], message: string, hint: string | null = null): IpcError => ({
  code,
  message,
  hint,
});

export const OFFLINE = error(
  'network',
  'ubc.ca.panopto.com cannot be reached',
  'Check the connection to the internet and try again; your data is still here',
);

export const SIGNED_OUT = error(
  'bad-credentials',
  'The sign-in at ubc.ca.panopto.com has ended',
  'Sign in again',
);
