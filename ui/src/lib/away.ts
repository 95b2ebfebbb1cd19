import type { IpcError } from './bindings';

/** Whether an error says that the server is not there. */
export const isAway = ({ code }: IpcError) => code === 'network' || code === 'timeout';
