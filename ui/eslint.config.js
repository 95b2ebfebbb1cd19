import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

// Only ipc.ts may name Tauri; nothing may turn text into markup.
const boundaries = {
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: ['@tauri-apps/*'], message: 'Only ipc.ts touches Tauri.' }] },
  ],
  'no-restricted-properties': [
    'error',
    { property: 'innerHTML', message: 'Text from a server is only ever text.' },
    { property: 'outerHTML', message: 'Text from a server is only ever text.' },
    { property: 'insertAdjacentHTML', message: 'Text from a server is only ever text.' },
  ],
  'svelte/no-at-html-tags': 'error',
};

export default ts.config(
  { ignores: ['dist/', 'test-results/', 'node_modules/', 'src/lib/bindings/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  prettier,
  ...svelte.configs['flat/prettier'],
  {
    languageOptions: { globals: { ...globals.browser, __HTTP__: 'readonly' } },
    rules: {
      ...boundaries,
      'svelte/no-navigation-without-resolve': 'off', // Routes are fragments of one page.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['src/lib/ipc.ts'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['scripts/**', '*.config.*', 'tests/**'], languageOptions: { globals: globals.node } },
);
