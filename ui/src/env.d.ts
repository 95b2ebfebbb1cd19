/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether the page may talk to the program over a loopback connection; a constant of the build, false in the real one. */
declare const __HTTP__: boolean;
