/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether the fake backend may be used; a constant of the build. */
declare const __FAKE__: boolean;
