import test from 'ava';
import { foundBy } from '../found-by.js';

const padded = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), Buffer.alloc(64)]);

for (const [title, file, content] of [
  ['an ELF program', 'tool', padded(0x7f, 0x45, 0x4c, 0x46)],
  ['a Windows program', 'tool.md', padded(0x4d, 0x5a, 0x90)],
  ['a Mach-O program', 'tool', padded(0xcf, 0xfa, 0xed, 0xfe)],
  ['WebAssembly', 'a.bin', padded(0x00, 0x61, 0x73, 0x6d)],
  ['a ZIP archive', 'a.docx', padded(0x50, 0x4b, 0x03, 0x04)],
  ['a script with an interpreter line', 'docs/run', Buffer.from('#!/bin/sh\nrm -rf ~\n')],
  ['a shell script', 'install.sh', Buffer.from('echo hi')],
  ['a PowerShell script', 'install.PS1', Buffer.from('Write-Host hi')],
  ['a file that is no text', 'data', Buffer.from([0xff, 0xfe, 0x41, 0x00])],
  ['a file with bytes that are not UTF-8', 'notes.md', Buffer.from([0x61, 0xe9, 0x62])],
] as const) {
  test(`${title} is a warning`, async t => {
    t.like(await foundBy('executable-file', content, file), [{ severity: 'warning', file }]);
  });
}

test('a prompt that is not UTF-8 is an error: no rule can read it', async t => {
  const [finding] = await foundBy('executable-file', Buffer.from([0x61, 0xe9, 0x62]), 'a.prompd');
  t.is(finding?.severity, 'error');
});

for (const [title, file, content] of [
  ['a text', 'a.md', Buffer.from('MZ is how it begins. ELF too.')],
  ['an empty file', 'a.md', Buffer.alloc(0)],
  ['a picture', 'logo.png', padded(0x89, 0x50, 0x4e, 0x47)],
  ['an example in Python', 'example.py', Buffer.from('print("hi")')],
] as const) {
  test(`${title} is no program`, async t => {
    t.deepEqual(await foundBy('executable-file', content, file), []);
  });
}
