import type { IpcError } from './bindings';

/** Whether an error means that the server cannot be reached. */
export const isAway = ({ code }: IpcError) => code === 'network' || code === 'timeout';
